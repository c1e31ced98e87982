package io.github.dl4jaskew.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Packed models and reports on the command line. */
@Command(
        name = "askew",
        mixinStandardHelpOptions = true,
        version = "dl4j-askew 0.1.0",
        description = {
            "Packs quantized networks, works with packed files, and draws reports of trainings.",
            "Ends with 0 if all went well, 2 for bad arguments, and 1 for any other error."
        },
        subcommands = {
            PackCommand.class,
            InspectCommand.class,
            PredictCommand.class,
            UnpackCommand.class,
            ExportCommand.class,
            ReportCommand.class,
            ServeCommand.class,
            ImportCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  askew pack model.zip --grid ternary -o model.askew",
            "  askew pack --help",
            "  source <(askew generate-completion)    completes commands and options in bash and zsh"
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
