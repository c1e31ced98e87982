package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class RequiredTest {

    @Test
    void whatIsRequiredIsNotSkipped() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Required.refuseToSkip("artifacts notebooks", "notebooks", "no Jupyter"))
                .withMessage("ASKEW_REQUIRE asks for notebooks; no Jupyter");
    }

    @Test
    void whatIsNotRequiredMayBeSkipped() {
        assertThatCode(() -> Required.refuseToSkip("artifacts", "notebooks", "no Jupyter"))
                .doesNotThrowAnyException();
        assertThatCode(() -> Required.refuseToSkip("", "notebooks", "no Jupyter"))
                .doesNotThrowAnyException();
    }
}
