package io.github.dl4jaskew.keras;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An ONNX file in ONNX Runtime at its default options. */
final class OnnxPredictor implements AutoCloseable {

    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private final OrtSession session;

    OnnxPredictor(byte[] file) throws OrtException {
        this.session = ENVIRONMENT.createSession(file);
    }

    /** All numbers of all outputs. */
    float[] predict(List<INDArray> features) throws OrtException, IOException {
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            int i = 0;
            for (String name : session.getInputNames()) {
                INDArray x = features.get(i++);
                FloatBuffer numbers = FloatBuffer.wrap(x.dup('c').data().asFloat());
                inputs.put(name, OnnxTensor.createTensor(ENVIRONMENT, numbers, x.shape()));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return numbers(result);
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static float[] numbers(OrtSession.Result outputs) throws IOException {
        FloatBuffer all = FloatBuffer.allocate(0);
        for (Map.Entry<String, OnnxValue> output : outputs) {
            if (!(output.getValue() instanceof OnnxTensor tensor) || tensor.getFloatBuffer() == null) {
                throw new IOException("output " + output.getKey() + " is not of float32");
            }
            FloatBuffer part = tensor.getFloatBuffer();
            all = FloatBuffer.allocate(all.capacity() + part.remaining())
                    .put(all.flip())
                    .put(part);
        }
        return all.array();
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
