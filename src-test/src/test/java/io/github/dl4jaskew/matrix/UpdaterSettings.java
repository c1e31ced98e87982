package io.github.dl4jaskew.matrix;

import io.github.dl4jaskew.updater.AskewSgd;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaDelta;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** Updaters, their mixtures, the size of minibatches, and what DL4J does to the gradient before. */
final class UpdaterSettings {

    static final List<Setting> ALL = all();

    private UpdaterSettings() {}

    private static List<Setting> all() {
        List<Setting> all = new ArrayList<>(List.of(
                Setting.named("AskewSgd")
                        .updaters(n -> new Sgd(Setting.cosine(0.4, n)), n -> new AskewSgd(Setting.cosine(0.4, n))),
                Setting.named("AskewSgd with momentum")
                        .updaters(
                                n -> new Nesterovs(Setting.cosine(0.1, n), 0.9),
                                n -> new AskewSgd(Setting.cosine(0.1, n), 0.9)),
                Setting.named("Sgd").updater(n -> new Sgd(Setting.cosine(0.4, n))),
                Setting.named("Nesterovs").updater(n -> new Nesterovs(Setting.cosine(0.1, n), 0.9)),
                Setting.named("AdaMax").updater(n -> adaMax(n)),
                Setting.named("AMSGrad").updater(n -> amsGrad(n)),
                Setting.named("Nadam").updater(n -> nadam(n)),
                Setting.named("RmsProp")
                        .updater(n -> RmsProp.builder()
                                .learningRateSchedule(Setting.cosine(0.05, n))
                                .rmsDecay(0.95)
                                .epsilon(1e-8)
                                .build()),
                Setting.named("AdaGrad").updater(n -> new AdaGrad(0.1)).freeStep(0.1),
                Setting.named("AdaDelta, which has no learning rate")
                        .updater(n -> new AdaDelta(0.9, 1e-3))
                        .freeStep(0.1),
                Setting.named("a fixed rate").updater(n -> new Adam(0.03)).freeStep(0.1),
                Setting.named("mixed by layer")
                        .hidden(b -> b.updater(new Nesterovs(0.01, 0.9)))
                        .freeStep(0.02),
                Setting.named("bias updater").network(b -> b.biasUpdater(new Sgd(0.05))),
                Setting.named("bias updater of a layer").hidden(b -> b.biasUpdater(new Nesterovs(0.05, 0.5))),
                Setting.named("bias updater beside the recipe's")
                        .network(b -> b.biasUpdater(new Sgd(0.05)))
                        .recipe(RecipeSettings::inCells)));
        for (GradientNormalization normalization : GradientNormalization.values()) {
            if (normalization != GradientNormalization.None) {
                all.add(Setting.named("gradient normalization " + normalization)
                        .network(b -> b.gradientNormalization(normalization).gradientNormalizationThreshold(0.5)));
            }
        }
        for (int batch : new int[] {1, 7, 32}) {
            all.add(Setting.named("minibatches of " + batch).batch(batch));
            all.add(Setting.named("minibatches of " + batch + ", gradients summed")
                    .network(b -> b.miniBatch(false))
                    .batch(batch));
        }
        return all;
    }

    private static AdaMax adaMax(int iterations) {
        AdaMax updater = new AdaMax(0.05);
        updater.setLrAndSchedule(Double.NaN, Setting.cosine(0.1, iterations));
        return updater;
    }

    private static AMSGrad amsGrad(int iterations) {
        AMSGrad updater = new AMSGrad(0.05);
        updater.setLrAndSchedule(Double.NaN, Setting.cosine(0.1, iterations));
        return updater;
    }

    private static Nadam nadam(int iterations) {
        Nadam updater = new Nadam(0.03);
        updater.setLrAndSchedule(Double.NaN, Setting.cosine(0.03, iterations));
        return updater;
    }
}
