package io.github.dl4jaskew.cli;

import picocli.CommandLine.Command;

/** Packed models and reports on the command line. */
@Command(
        name = "askew",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        description = "Packs quantized networks, works with packed files, and draws reports of trainings.",
        subcommands = {
            PackCommand.class,
            InspectCommand.class,
            PredictCommand.class,
            UnpackCommand.class,
            ExportCommand.class,
            ReportCommand.class
        })
public final class AskewCli {

    private AskewCli() {}

    /**
     * Runs the program and ends the JVM.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs the program.
     *
     * @param args see {@code --help}
     * @return 0 if all went well, 2 for bad arguments, 1 for any other error
     */
    public static int run(String... args) {
        return Program.run(new AskewCli(), args);
    }
}
