package io.github.dl4jaskew.internal.network;

import java.util.List;
import org.deeplearning4j.nn.api.Model;

/**
 * A copy of a configuration, to be changed and put in the original's place. Nothing of the original has changed before.
 *
 * @param network shows the parameters: the network itself, or one that was made from the configuration
 * @param sites the layers of the copy, with the parameters of the network
 * @param restart sets iteration and epoch count of the copy to 0
 * @param commit puts the copy in the original's place
 */
public record Draft(Model network, List<LayerSite> sites, Runnable restart, Runnable commit) {}
