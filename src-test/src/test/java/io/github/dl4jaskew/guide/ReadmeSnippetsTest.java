package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.storage.AskewStorage;
import io.github.dl4jaskew.ui.AskewPage;
import java.io.IOException;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.learning.config.Adam;

/** The snippets of the first page. */
@Tag("training")
class ReadmeSnippetsTest {

    private final Batches train = Given.train();

    @TempDir
    private static java.nio.file.Path directory;

    /** The page writes where its reader stands; here that is a temporary directory. */
    private static final class Path {
        static java.nio.file.Path of(String file) {
            return directory.resolve(file);
        }
    }

    @Test
    void fromTrainingToServing() throws IOException {
        MultiLayerConfiguration conf = Given.configuration(new Adam(0.003), new ActivationReLU());
        float[] features = {0.1f, 0.2f, 0.3f, 0.4f};
        int epochs = 20;
        int iterationsPerEpoch = Given.ITERATIONS;
        // tag::use
        MultiLayerNetwork net = new MultiLayerNetwork(conf); // any network, any updater
        net.init();

        Askew askew = Askew.fromScratch(
                        epochs, iterationsPerEpoch) // or fromTrained(...), or builder() for every choice
                .grid(Grid.ternary())
                .layers(Layers.all().except("output"))
                .build();
        System.out.println(
                askew.install(net)); // the plan: what is quantized, at how many bits, and why the rest is not

        net.setListeners(
                new AskewListener()); // eps, distance to the grid, flips: to the log, a file or a page in DL4J's UI
        net.fit(train, epochs);

        QuantizedModel model = askew.quantize(net, train); // exact levels; batch norm re-estimated (calibration)
        System.out.println(model.memoryReport());
        model.save(Path.of("model.askew")); // one small file, exact to the bit

        MultiLayerNetwork served =
                QuantizedModel.load(Path.of("model.askew")).toMultiLayerNetwork(); // a plain DL4J network
        EdgeModel edge = EdgeModel.load(Path.of("model.askew")); // or plain Java, in a jar below 160 kB: no ND4J
        float[] scores = edge.predict(features);
        // end::use
        assertThat(served.params()).isEqualTo(model.toMultiLayerNetwork().params());
        assertThat(scores).hasSize(3);
        assertThat(model.parameters()).hasSize(1);
    }

    @Test
    void margins() {
        MultiLayerNetwork net = Given.homogeneous(new Adam(0.01));
        // tag::margin
        MarginTracker tracker = MarginTracker.builder(train).every(1).epochs().build();
        net.addListeners(new MarginListener(tracker));
        net.fit(train, 100);
        tracker.history().last().normalizedMargin();
        // end::margin
        assertThat(tracker.history().size()).isEqualTo(100);
        assertThat(tracker.history().last().normalizedMargin()).isPresent();
    }

    @Test
    void pages() throws Exception {
        MultiLayerNetwork net = Given.network();
        Askew.fromScratch(2, Given.ITERATIONS).build().install(net);
        int epochs = 2;
        VertxUIServer.getInstance(0, false, null);
        try {
            // tag::see
            StatsStorage storage = new InMemoryStatsStorage();
            net.setListeners(new AskewListener(10).to(new AskewStorage(storage, "run 1")));
            System.out.println(AskewPage.attach(storage)); // http://localhost:9000/askew; MarginPage likewise
            net.fit(train, epochs);
            AskewPage.write(storage, Path.of("report.html")); // the same charts in one file
            // end::see
        } finally {
            UIServer.stopInstance();
        }
        assertThat(Path.of("report.html")).content().contains("run 1");
    }
}
