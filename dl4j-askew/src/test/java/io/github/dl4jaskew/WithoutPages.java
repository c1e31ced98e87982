package io.github.dl4jaskew;

import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewSnapshot;
import io.github.dl4jaskew.testkit.Nets;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.Sgd;

/** Trains; run where the page's dependencies are missing. */
public final class WithoutPages {

    private WithoutPages() {}

    public static void main(String[] arguments) {
        MultiLayerNetwork network = Nets.mlp(new Sgd(0.1));
        AskewNets.closing().build().install(network);
        List<AskewSnapshot> snapshots = new ArrayList<>();
        network.setListeners(new AskewListener(1).to(snapshots::add));
        Nets.fit(network, 4);
        System.out.println("trained, reports: " + snapshots.size());
    }
}
