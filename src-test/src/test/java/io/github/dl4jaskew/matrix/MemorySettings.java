package io.github.dl4jaskew.matrix;

import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.updater.AskewSgd;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Sgd;

/** Number types, workspaces and caches. */
final class MemorySettings {

    static final List<Setting> ALL = all();

    private MemorySettings() {}

    private static List<Setting> all() {
        List<Setting> all = new ArrayList<>();
        all.add(workspaces(WorkspaceMode.ENABLED, WorkspaceMode.ENABLED));
        // A graph's fit leaves WS_ALL_LAYERS_ACT behind as the thread's workspace, with the constraint or without.
        all.add(workspaces(WorkspaceMode.ENABLED, WorkspaceMode.NONE).listOnly());
        all.add(workspaces(WorkspaceMode.NONE, WorkspaceMode.ENABLED));
        all.add(workspaces(WorkspaceMode.NONE, WorkspaceMode.NONE));
        for (CacheMode mode : CacheMode.values()) {
            all.add(Setting.named("cache " + mode).network(b -> b.cacheMode(mode)));
        }
        addTypes(all);
        return all;
    }

    private static Setting workspaces(WorkspaceMode training, WorkspaceMode inference) {
        return Setting.named("workspaces " + training + ", for inference " + inference)
                .network(b -> b.trainingWorkspaceMode(training).inferenceWorkspaceMode(inference));
    }

    /** Adam's 1e-8 is 0 in half precision, with which DL4J alone gets NaN: plain SGD there. BFLOAT16 is not DL4J's. */
    private static void addTypes(List<Setting> all) {
        for (DataType type : List.of(DataType.DOUBLE, DataType.FLOAT16)) {
            Setting typed = Setting.named("type " + type)
                    .network(b -> b.dataType(type))
                    .updater(n -> new Sgd(Setting.cosine(0.4, n)))
                    .freeStep(type == DataType.FLOAT16 ? 0.01 : 0.003);
            all.add(typed);
            all.add(typed.renamed("type " + type + ", in cells")
                    .recipe(r -> r.updater(new AskewSgd(Setting.cosine(8, 60), 0.5))
                            .learningRateUnit(LearningRateUnit.CELL)));
            // DL4J's own batch norm in half precision gives gradients that are NaN in some JVMs and not in others.
            if (type == DataType.DOUBLE) {
                all.add(typed.renamed("type " + type + ", batch norm")
                        .withBatchNorm()
                        .freeStep(0.03));
            }
        }
    }
}
