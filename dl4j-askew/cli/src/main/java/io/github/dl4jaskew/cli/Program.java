package io.github.dl4jaskew.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import picocli.CommandLine;

/** How all programs are run. */
public final class Program {

    private static final Map<Class<? extends Exception>, String> REASONS = Map.of(
            NoSuchFileException.class, "no such file or directory",
            FileAlreadyExistsException.class, "the file exists",
            AccessDeniedException.class, "access denied");

    private Program() {}

    /**
     * Runs a command. Errors that the user can mend are printed in a line, all others with their stack trace.
     *
     * @param command an object with picocli's annotations
     * @param args what the user wrote
     * @return 0 if all went well, 2 for bad arguments, 1 for any other error
     */
    public static int run(Object command, String... args) {
        return parser(command)
                .setExecutionExceptionHandler((exception, line, parsed) -> {
                    if (!(exception instanceof IOException || exception instanceof IllegalArgumentException)) {
                        throw exception;
                    }
                    line.getErr().println(line.getColorScheme().errorText(printable(message(exception))));
                    return line.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(args);
    }

    /**
     * What reads the arguments of a program.
     *
     * @param command an object with picocli's annotations, or its class
     * @return a new one
     */
    public static CommandLine parser(Object command) {
        return new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /**
     * Takes out of a text what a terminal would obey, as names in a stranger's file may hold it.
     *
     * @param text any text
     * @return the same text with ? for each control character but those of lines and tabulators
     */
    public static String printable(String text) {
        return text.replaceAll("[\\p{Cc}&&[^\n\r\t]]", "?");
    }

    /**
     * Takes out of a name what a terminal would obey, and what would make it look like more than a name.
     *
     * @param name any text, such as a label in a stranger's file
     * @return the same text with ? for each control character, end of a line, and mark that turns the direction of writing
     */
    public static String printableName(String name) {
        return name.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]", "?");
    }

    private static String message(Exception exception) {
        String message = exception.getMessage();
        if (message == null) {
            return exception.toString();
        }
        // the messages of these are nothing but the path, unless whoever threw them gave a reason
        if (exception instanceof FileSystemException file && file.getReason() == null) {
            return message + ": "
                    + REASONS.getOrDefault(
                            exception.getClass(), exception.getClass().getSimpleName());
        }
        return message;
    }
}
