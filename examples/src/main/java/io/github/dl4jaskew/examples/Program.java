package io.github.dl4jaskew.examples;

import java.io.IOException;
import picocli.CommandLine;

/** How all programs are run. */
final class Program {

    private Program() {}

    /** Runs a command. Errors that the user can mend are printed in a line, all others with their stack trace. */
    static int run(Object command, String... args) {
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((exception, line, parsed) -> {
                    if (!(exception instanceof IOException || exception instanceof IllegalArgumentException)) {
                        throw exception;
                    }
                    line.getErr().println(line.getColorScheme().errorText(message(exception)));
                    return line.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(args);
    }

    private static String message(Exception exception) {
        String message = exception.getMessage();
        return message == null ? exception.toString() : message;
    }
}
