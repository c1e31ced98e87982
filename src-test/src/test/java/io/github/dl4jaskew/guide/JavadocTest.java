package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.InheritDocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The public API is documented: each class and member has a comment, which names every parameter and what is returned.
 * Doclint's group {@code missing} also asks compact constructors to repeat the parameters of their records, so it is off.
 */
class JavadocTest {

    @ParameterizedTest
    @ValueSource(strings = {"dl4j-askew", "dl4j-askew/edge", "dl4j-margin", "dl4j-margin/pages"})
    void thePublicApiIsDocumented(String module) throws IOException {
        try (Stream<Path> files = Files.walk(Pages.ROOT.resolve(module).resolve("src/main/java"))) {
            List<Path> api = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("internal"))
                    .toList();

            assertThat(api).isNotEmpty();
            assertThat(undocumented(api)).isEmpty();
        }
    }

    @Test
    void namesWhatIsMissing(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("Sample.java"), """
                /** A sample. */
                public class Sample {
                    /** Sets it. */
                    public void set(int value) {}
                    /** Gets it. */
                    protected int get() { return 0; }
                    /** {@return one} */
                    public int one() { return 1; }
                    public int bare;
                    @Override public String toString() { return ""; }
                    void hidden() {}
                    private static class Inner { public void hidden() {} }
                    /**
                     * A pair.
                     * @param a first
                     */
                    public record Pair(int a, int b) {
                        /** Checks. */
                        public Pair {}
                    }
                    /** A view. */
                    public interface View { void show(); }
                }
                """);

        assertThat(undocumented(List.of(file)))
                .containsExactly(
                        "Sample.set: no @param value",
                        "Sample.get: no @return",
                        "Sample.bare: no comment",
                        "Pair: no @param b",
                        "View.show: no comment");
    }

    private static List<String> undocumented(List<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            Api api = new Api(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                api.scan(unit, null);
            }
            return api.missing;
        }
    }

    /** Visits what users can see, and collects what its comments lack. */
    private static final class Api extends TreePathScanner<Void, ClassTree> {

        private final DocTrees trees;
        private final List<String> missing = new ArrayList<>();

        Api(DocTrees trees) {
            this.trees = trees;
        }

        @Override
        public Void visitClass(ClassTree type, ClassTree owner) {
            if (isVisible(type.getModifiers(), owner)) {
                check(type.getSimpleName().toString(), components(type), false);
                super.visitClass(type, type);
            }
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, ClassTree owner) {
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            if (isVisible(method.getModifiers(), owner) && !overrides) {
                Tree type = method.getReturnType();
                check(
                        owner.getSimpleName() + "." + method.getName(),
                        isCanonical(method, owner) ? List.of() : method.getParameters(),
                        type != null && !type.toString().equals("void"));
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, ClassTree owner) {
            if (isVisible(field.getModifiers(), owner)) {
                check(owner.getSimpleName() + "." + field.getName(), List.of(), false);
            }
            return null;
        }

        private static boolean isCanonical(MethodTree method, ClassTree owner) {
            return method.getReturnType() == null
                    && owner.getKind() == Tree.Kind.RECORD
                    && names(method.getParameters()).equals(names(components(owner)));
        }

        private static List<String> names(List<? extends VariableTree> variables) {
            return variables.stream()
                    .map(variable -> variable.getName().toString())
                    .toList();
        }

        private static List<? extends VariableTree> components(ClassTree type) {
            return type.getKind() != Tree.Kind.RECORD
                    ? List.of()
                    : type.getMembers().stream()
                            .filter(VariableTree.class::isInstance)
                            .map(VariableTree.class::cast)
                            .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                            .toList();
        }

        private static boolean isVisible(ModifiersTree modifiers, ClassTree owner) {
            Set<Modifier> flags = modifiers.getFlags();
            return flags.contains(Modifier.PUBLIC)
                    || flags.contains(Modifier.PROTECTED)
                    || owner != null && owner.getKind() == Tree.Kind.INTERFACE && !flags.contains(Modifier.PRIVATE);
        }

        private void check(String name, List<? extends VariableTree> parameters, boolean returns) {
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment == null) {
                missing.add(name + ": no comment");
                return;
            }
            List<? extends DocTree> body = comment.getFullBody();
            if (body.stream().anyMatch(InheritDocTree.class::isInstance)) {
                return;
            }
            Set<String> named = comment.getBlockTags().stream()
                    .filter(ParamTree.class::isInstance)
                    .map(tag -> ((ParamTree) tag).getName().toString())
                    .collect(Collectors.toSet());
            names(parameters).stream()
                    .filter(parameter -> !named.contains(parameter))
                    .forEach(parameter -> missing.add(name + ": no @param " + parameter));
            if (returns
                    && Stream.concat(body.stream(), comment.getBlockTags().stream())
                            .noneMatch(ReturnTree.class::isInstance)) {
                missing.add(name + ": no @return");
            }
        }
    }
}
