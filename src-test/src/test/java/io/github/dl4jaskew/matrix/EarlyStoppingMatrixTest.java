package io.github.dl4jaskew.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingModelSaver;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.LocalFileGraphSaver;
import org.deeplearning4j.earlystopping.saver.LocalFileModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** EarlyStoppingTrainer and EarlyStoppingGraphTrainer. */
@Tag("training")
class EarlyStoppingMatrixTest {

    private static final Setting SETTING = Setting.named("nothing");

    @TempDir
    private Path directory;

    /** The loss of the quantized model: that of the float weights is least before the intervals close. */
    private record QuantizedLoss(Trial trial, Kind kind) implements ScoreCalculator<Model> {
        @Override
        public double calculateScore(Model network) {
            DataSet all = Clusters.all(DataType.FLOAT);
            return kind.loss(trial.quantize(network).toNetwork(), all);
        }

        @Override
        public boolean minimizeScore() {
            return true;
        }
    }

    private EarlyStoppingResult<? extends Model> train(Model network, int epochs, ScoreCalculator<Model> score) {
        DataSetIterator data = Clusters.batches(SETTING.batch(), DataType.FLOAT);
        if (network instanceof MultiLayerNetwork list) {
            return new EarlyStoppingTrainer(
                            this.<MultiLayerNetwork>configuration(
                                    new LocalFileModelSaver(directory.toString()), epochs, score),
                            list,
                            data)
                    .fit();
        }
        return new EarlyStoppingGraphTrainer(
                        this.<ComputationGraph>configuration(
                                new LocalFileGraphSaver(directory.toString()), epochs, score),
                        (ComputationGraph) network,
                        data)
                .fit();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private <T extends Model> EarlyStoppingConfiguration<T> configuration(
            EarlyStoppingModelSaver<T> saver, int epochs, ScoreCalculator<Model> score) {
        return new EarlyStoppingConfiguration.Builder<T>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(epochs))
                .scoreCalculator((ScoreCalculator) score)
                .modelSaver(saver)
                .saveLastModel(true)
                .build();
    }

    private Model latest(Kind kind) throws IOException {
        return kind.restore(directory.resolve(kind == Kind.LIST ? "latestModel.bin" : "latestGraph.bin"));
    }

    @ParameterizedTest
    @EnumSource
    void endsOnTheGridWithTheBestQuantizedModel(Kind kind) {
        Trial trial = new Trial(SETTING, kind, true);
        QuantizedLoss score = new QuantizedLoss(trial, kind);
        EarlyStoppingResult<? extends Model> result = train(trial.network(), SETTING.epochs(), score);
        assertThat(result.getTerminationReason())
                .isEqualTo(EarlyStoppingResult.TerminationReason.EpochTerminationCondition);
        double best = result.getScoreVsEpoch().get(result.getBestModelEpoch());
        assertThat(best)
                .isEqualTo(result.getScoreVsEpoch().values().stream()
                        .min(Double::compare)
                        .orElseThrow());
        // Saved and restored, with its grids: nothing has to be installed again.
        assertThat(score.calculateScore(result.getBestModel())).isEqualTo(best);
        assertThat(result.getScoreVsEpoch().values())
                .as("scored after each epoch")
                .hasSize(SETTING.epochs());
    }

    /** The trainer counts epochs from 0 in every call; what goes by iteration goes on. */
    @ParameterizedTest
    @EnumSource
    void resumesExactlyByIterationAsDl4jDoes(Kind kind) throws IOException {
        assertThat(resumes(SETTING, kind, false)).isTrue();
        assertThat(resumes(SETTING, kind, true)).isTrue();
        Setting byEpoch =
                Setting.named("by epoch").updater(n -> new Sgd(new ExponentialSchedule(ScheduleType.EPOCH, 0.3, 0.8)));
        assertThat(resumes(byEpoch, kind, false)).isFalse();
    }

    private boolean resumes(Setting setting, Kind kind, boolean constrained) throws IOException {
        ScoreCalculator<Model> none = new Indifferent();
        Trial trial = new Trial(setting, kind, constrained);
        Model whole = trial.network();
        train(whole, setting.epochs(), none);
        train(trial.network(), setting.epochs() / 2, none);
        Model restored = latest(kind);
        train(restored, setting.epochs() / 2, none);
        return Trial.State.of(kind, restored).isEqualTo(Trial.State.of(kind, whole));
    }

    private record Indifferent() implements ScoreCalculator<Model> {
        @Override
        public double calculateScore(Model network) {
            return 0;
        }

        @Override
        public boolean minimizeScore() {
            return true;
        }
    }
}
