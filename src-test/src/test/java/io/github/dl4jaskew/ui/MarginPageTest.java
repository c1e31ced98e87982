package io.github.dl4jaskew.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.margin.MarginListener;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.MarginTracker;
import io.github.dl4jaskew.margin.storage.MarginStorage;
import io.github.dl4jaskew.margin.ui.MarginPage;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.VertxUIServer;
import org.deeplearning4j.ui.api.UIServer;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.nd4j.linalg.dataset.DataSet;

@ExtendWith(Chromium.class)
class MarginPageTest {

    private static Browser browser;

    @BeforeAll
    static void start() {
        VertxUIServer.getInstance(0, false, null);
        browser = Browser.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        UIServer.stopInstance();
    }

    @Test
    void chartsShowTheNumbersOfTheStorageWhileANetworkTrains() throws IOException {
        InMemoryStatsStorage storage = new InMemoryStatsStorage();
        DataSet data = Training.data();
        MultiLayerNetwork network = Training.network(1);
        MarginTracker tracker = Training.tracker(data);
        network.addListeners(new MarginListener(tracker).to(new MarginStorage(storage, "first")));
        URI address = MarginPage.attach(storage);
        browser.open(address);
        browser.awaitReady();
        for (int i = 0; i < 60; i++) {
            network.fit(data);
        }
        browser.await("return window.dl4j.charts.margin.data[0].length > 0");
        for (int i = 0; i < 60; i++) {
            network.fit(data);
        }
        browser.promise("await window.dl4j.refresh()");
        List<MarginSnapshot> snapshots = tracker.history().snapshots();
        assertThat(browser.numbers("dl4j.charts.margin.data[0]"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(MarginSnapshot::iteration)
                        .toArray());
        assertThat(browser.numbers("dl4j.charts.margin.data[1]"))
                .containsExactly(snapshots.stream()
                        .mapToDouble(s -> s.normalizedMargin().orElse(Double.NaN))
                        .toArray());
        browser.wholePage("margin-laptop-light", 1280);
        assertThat(browser.errors()).isEmpty();
        UIServer.getInstance().detach(storage);
    }
}
