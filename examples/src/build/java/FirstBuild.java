import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Breaks the silence of the first command of a fresh clone: with -q Maven says nothing while it downloads and compiles. The
 * profile quickstart starts this from its source, before anything is compiled, in the root of the repository.
 */
final class FirstBuild {

    private FirstBuild() {}

    public static void main(String[] args) {
        if (Files.notExists(Path.of("examples/target/classes"))) {
            System.err.println(
                    "First build: Maven downloads what is needed and compiles it. That takes some minutes, in"
                            + " which it prints nothing; then the program starts.");
        }
    }
}
