package io.github.dl4jaskew.margin.ui;

import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.metrics.CollapseMetrics;
import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.storage.MarginRecord;
import io.github.dl4jaskew.pages.Row;
import io.github.dl4jaskew.pages.RunReader;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;

/** The numbers of snapshots. */
final class SnapshotReader implements RunReader {

    @Override
    public String typeId() {
        return MarginRecord.TYPE;
    }

    @Override
    public void read(Persistable update, Row row) {
        if (!(update instanceof MarginRecord record)) {
            throw new IllegalArgumentException(
                    "a record is a " + update.getClass().getName());
        }
        MarginSnapshot s = record.snapshot();
        row.x(s.iteration())
                .put("epoch", s.epoch())
                .put("minimumMargin", s.minimumMargin())
                .put("accuracy", s.accuracy())
                .put("norm", s.norm())
                .put("degree", s.degree())
                .put("normalizedMargin", s.normalizedMargin())
                .put("productNormalizedMargin", s.productNormalizedMargin())
                .put("smoothedMargin", s.smoothedMargin())
                .put("logLossSum", s.logLossSum())
                .put("drift", s.drift())
                .put("normGrowth", s.normGrowth());
        s.degree().ifPresent(degree -> row.put("poweredNorm", Math.pow(s.norm(), degree)));
        List<Double> quantiles = s.quantiles();
        for (int i = 0; i < quantiles.size() && i < MarginSnapshot.QUANTILES.size(); i++) {
            row.put("quantile:" + MarginSnapshot.QUANTILES.get(i), quantiles.get(i));
        }
        s.gradient().ifPresent(g -> gradient(g, row));
        s.marginStationarity().ifPresent(m -> row.put("marginTangent", m.tangent()));
        s.progress()
                .ifPresent(p -> row.put("effectiveTime", p.effectiveTime())
                        .put("predictedLimit", p.predictedLimit())
                        .put("progress", p.share()));
        s.nearMargin().ifPresent(n -> row.put("nearNormalizedMargin", n.normalizedMargin()));
        s.collapse().ifPresent(c -> collapse(c, row));
        s.robustness().ifPresent(r -> {
            row.put("smallestDistance", r.smallestDistance())
                    .put("medianDistance", r.medianDistance())
                    .put("certificate", r.certificate());
            r.layers()
                    .forEach(layer -> row.put("spectral:" + layer.layer(), layer.spectralNorm())
                            .put("stableRank:" + layer.layer(), layer.stableRank()));
        });
        s.layerNorms().forEach(layer -> row.put("layer:" + layer.layer(), layer.norm()));
        for (int i = 0; i < s.balance().size() && i + 1 < s.layerNorms().size(); i++) {
            row.put(
                    "balance:" + s.layerNorms().get(i).layer() + " − "
                            + s.layerNorms().get(i + 1).layer(),
                    s.balance().get(i));
        }
        row.latest(LatestSnapshot.of(s));
    }

    private static void gradient(GradientMetrics g, Row row) {
        row.put("alignment", g.alignment())
                .put("stationarity", g.stationarity())
                .put("windowedAlignment", g.windowedAlignment())
                .put("windowRadius", g.windowRadius())
                .put("nearKinks", g.nearKinks())
                .put("kktEpsilon", g.kktEpsilon())
                .put("kktDelta", g.kktDelta())
                .put("effectiveStep", g.effectiveStep())
                .put("effectiveSupport", g.effectiveSupport())
                .put("eulerResidual", g.eulerResidual());
    }

    private static void collapse(CollapseMetrics c, Row row) {
        row.put("variability", c.variability())
                .put("normSpread", c.normSpread())
                .put("angleSpread", c.angleSpread())
                .put("simplexGap", c.simplexGap())
                .put("dualityGap", c.dualityGap())
                .put("squaredDualityGap", c.squaredDualityGap())
                .put("classifierNormSpread", c.classifierNormSpread())
                .put("classifierAngleSpread", c.classifierAngleSpread())
                .put("classifierSimplexGap", c.classifierSimplexGap())
                .put("centerAgreement", c.centerAgreement());
    }
}
