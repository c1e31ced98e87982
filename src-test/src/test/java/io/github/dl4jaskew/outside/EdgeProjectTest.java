package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project that asks for the predictor alone gets its jar and no other. */
@Tag("slow")
class EdgeProjectTest {

    private static final String EDGE = """
            <dependencies>
              <dependency><groupId>io.github.dl4jaskew</groupId><artifactId>dl4j-askew-edge</artifactId></dependency>
            </dependencies>
            """;

    @TempDir
    Path directory;

    @Test
    void resolvesOneJarThatPredicts() throws Exception {
        LocalRepository.assumeFilled();
        String readme = Readme.read().block("xml");
        String managed = readme.substring(0, readme.indexOf("<dependencies>\n  <dependency>"));
        assertThat(managed).contains("dl4j-askew-bom").doesNotContain("nd4j-native");

        OutsideProject project = OutsideProject.build(directory, managed + EDGE, OutsideProject.resource("Edge.txt"));

        assertThat(project.tree().lines().skip(1))
                .as(project.tree())
                .hasSize(1)
                .allMatch(l -> l.contains(":dl4j-askew-edge:jar:"));
        assertThat(project.classpath()).hasSize(1).allMatch(e -> e.startsWith(directory.toString()));

        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .list()
                .layer(new OutputLayer.Builder().nIn(2).nOut(3).build())
                .build());
        network.init();
        Path packed = directory.resolve("model.askew");
        QuantizedModel.of(network, List.of()).save(packed);
        float[] expected = EdgeModel.load(packed).predict(new float[] {1, -2});
        assertThat(project.runMain(packed.toString(), "1", "-2").strip()).isEqualTo(Arrays.toString(expected));
    }
}
