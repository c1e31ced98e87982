/**
 * Training that survives being killed, with DL4J's own {@code CheckpointListener}, bit for bit.
 *
 * <p>What that listener leaves open is done here. {@link io.github.dl4jaskew.checkpoint.CheckpointDirectory} finds the newest
 * checkpoint that is complete, {@link io.github.dl4jaskew.checkpoint.SavedCheckpoint} restores the network as it was when the
 * iteration or epoch was over, and {@link io.github.dl4jaskew.checkpoint.ResumableTraining} resumes in the middle of an epoch.
 *
 * <pre>{@code
 * CheckpointDirectory checkpoints = new CheckpointDirectory(path);
 * MultiLayerNetwork network = checkpoints.newest()
 *         .map(saved -> saved.restoreMultiLayerNetwork(batchesPerEpoch))
 *         .orElseGet(() -> freshWithConstraint());
 * network.setListeners(checkpoints.newRun().saveEveryNIterations(100).keepLast(2).build());
 * ResumableTraining.fit(network, epochs, batchesPerEpoch, epoch -> batchesOf(epoch));
 * }</pre>
 *
 * <p>Nothing here needs a constraint; any network can be trained so.
 */
@NullMarked
package io.github.dl4jaskew.checkpoint;

import org.jspecify.annotations.NullMarked;
