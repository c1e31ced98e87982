package io.github.dl4jaskew.margin.metrics;

/**
 * Neural collapse of the features before the last layer, measured in two passes over the training set: {@link ClassMeans},
 * then {@link ClassScatter}. With full collapse, {@code variability}, the spreads and the gaps are 0 and {@code
 * centerAgreement} is 1. Immutable and thread safe.
 *
 * <p>{@code mu_c} is the mean of class c, {@code mu} the mean of the K class means, {@code M} has the rows {@code mu_c -
 * mu}, {@code S_B = M^T M / K} is the scatter between classes and {@code S_W} the mean over all N examples of {@code (h -
 * mu_c)(h - mu_c)^T}.
 *
 * <p>A measure is NaN where it is undefined: if a class mean equals their mean (angles), or all do.
 *
 * <p>Source: Papyan, Han and Donoho, "Prevalence of neural collapse during the terminal phase of deep learning training",
 * PNAS 117, 2020.
 *
 * @param variability NC1: {@code tr(S_W S_B^+) / K}, with the pseudo-inverse
 * @param normSpread NC2: standard deviation of the norms {@code |mu_c - mu|} over their mean
 * @param angleSpread NC2: standard deviation of the cosines between the rows of M; always 0 for two classes
 * @param simplexGap NC2: mean of {@code |cos + 1 / (K - 1)|}, the distance from the widest equal angle
 * @param dualityGap NC3: {@code || W / ||W|| - M / ||M|| ||} in Frobenius norms, W the last layer's weights
 * @param classifierNormSpread NC2 of the classifier: as normSpread, of the rows of W
 * @param classifierAngleSpread NC2 of the classifier: as angleSpread
 * @param classifierSimplexGap NC2 of the classifier: as simplexGap
 * @param centerAgreement NC4: share of examples for which the network predicts the class with the nearest mean
 */
public record NeuralCollapse(
        double variability,
        double normSpread,
        double angleSpread,
        double simplexGap,
        double dualityGap,
        double classifierNormSpread,
        double classifierAngleSpread,
        double classifierSimplexGap,
        double centerAgreement) {}
