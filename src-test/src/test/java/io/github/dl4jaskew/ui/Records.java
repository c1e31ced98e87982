package io.github.dl4jaskew.ui;

import io.github.dl4jaskew.margin.MarginJson;
import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.storage.MarginRecord;
import io.github.dl4jaskew.margin.storage.MarginStorage;
import io.github.dl4jaskew.pages.record.RecordMetaData;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.dataset.DataSet;

/** What trainings post, real ones and long ones. */
final class Records {

    private Records() {}

    /** Trains a network and posts each iteration's snapshot. */
    static List<MarginSnapshot> train(StatsStorageRouter router, String session, long seed, int iterations) {
        DataSet data = Training.data();
        MultiLayerNetwork network = Training.network(seed);
        MarginTracker tracker = Training.tracker(data);
        network.addListeners(new MarginListener(tracker).to(new MarginStorage(router, session)));
        for (int i = 0; i < iterations; i++) {
            network.fit(data);
        }
        return tracker.history().snapshots();
    }

    /** Posts the same snapshot again and again, but for its iteration and its normalized margin. */
    static void post(
            StatsStorageRouter router, String session, MarginSnapshot like, int records, IntToDoubleFunction margin) {
        long begin = 1_700_000_000_000L;
        router.putStorageMetaData(
                new RecordMetaData(session, "0", begin, MarginRecord.TYPE, MarginRecord.class, MarginRecord.class));
        router.putStaticInfo(new MarginRecord(session, "0", begin, like));
        String json = MarginJson.write(like);
        for (int i = 1; i <= records; i++) {
            String changed = json.replaceFirst("\"iteration\":\\d+", "\"iteration\":" + i)
                    .replaceFirst("\"normalizedMargin\":[-0-9.E]+", "\"normalizedMargin\":" + margin.applyAsDouble(i));
            router.putUpdate(new MarginRecord(session, "0", begin + i, MarginJson.read(changed)));
        }
    }
}
