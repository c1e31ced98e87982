package foreign;

import org.nd4j.linalg.activations.impl.ActivationReLU;

/** An activation of a user's own. */
public final class ForeignActivation extends ActivationReLU {

    private static final long serialVersionUID = 1L;
}
