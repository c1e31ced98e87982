package io.github.dl4jaskew.matrix;

import java.util.List;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.constraint.MinMaxNormConstraint;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.dropout.AlphaDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianDropout;
import org.deeplearning4j.nn.conf.dropout.GaussianNoise;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.conf.weightnoise.WeightNoise;

/** Penalties, noise and projections of DL4J's own. */
final class RegularizationSettings {

    static final List<Setting> ALL = List.of(
            Setting.named("nothing"),
            Setting.named("weight decay").network(b -> b.weightDecay(0.01)),
            Setting.named("weight decay without learning rate").network(b -> b.weightDecay(0.001, false)),
            Setting.named("L1").network(b -> b.l1(0.001)),
            Setting.named("L2").network(b -> b.l2(0.001)),
            Setting.named("L1 and L2 with biases")
                    .network(b -> b.l1(0.001).l2(0.001).l1Bias(0.001).l2Bias(0.001)),
            Setting.named("weight decay on a layer").hidden(b -> b.weightDecay(0.01)),
            Setting.named("L2 on a layer, then the recipe's updater")
                    .hidden(b -> b.l2(0.01))
                    .recipe(RecipeSettings::inCells),
            Setting.named("dropout").hidden(b -> b.dropOut(0.9)).inexact(),
            Setting.named("dropout, seeded").hidden(b -> b.dropOut(0.9)).seeded(),
            Setting.named("Gaussian dropout")
                    .hidden(b -> b.dropOut(new GaussianDropout(0.1)))
                    .inexact(),
            Setting.named("Gaussian dropout, seeded")
                    .hidden(b -> b.dropOut(new GaussianDropout(0.1)))
                    .seeded(),
            Setting.named("Gaussian noise")
                    .hidden(b -> b.dropOut(new GaussianNoise(0.1)))
                    .inexact(),
            Setting.named("Gaussian noise, seeded")
                    .hidden(b -> b.dropOut(new GaussianNoise(0.1)))
                    .seeded(),
            Setting.named("alpha dropout")
                    .hidden(b -> b.dropOut(new AlphaDropout(0.95)))
                    .inexact(),
            Setting.named("alpha dropout, seeded")
                    .hidden(b -> b.dropOut(new AlphaDropout(0.95)))
                    .seeded(),
            Setting.named("DropConnect")
                    .network(b -> b.weightNoise(new DropConnect(0.9)))
                    .inexact(),
            Setting.named("DropConnect, seeded")
                    .network(b -> b.weightNoise(new DropConnect(0.9)))
                    .seeded(),
            Setting.named("weight noise")
                    .network(b -> b.weightNoise(new WeightNoise(new NormalDistribution(0, 0.05))))
                    .inexact(),
            Setting.named("weight noise, seeded")
                    .network(b -> b.weightNoise(new WeightNoise(new NormalDistribution(0, 0.05))))
                    .seeded(),
            Setting.named("largest norm").network(b -> b.constrainWeights(new MaxNormConstraint(4, 1))),
            Setting.named("largest norm of a layer").hidden(b -> b.constrainWeights(new MaxNormConstraint(4, 1))),
            Setting.named("smallest and largest norm")
                    .network(b -> b.constrainWeights(new MinMaxNormConstraint(0, 4, 1))),
            Setting.named("largest norm of biases").network(b -> b.constrainBias(new MaxNormConstraint(1, 0))));

    private RegularizationSettings() {}
}
