package io.fedfm.runtime.oracle;

import io.fedfm.api.peft.Site;
import java.nio.file.Path;
import java.util.List;

/**
 * What a backbone looks like from outside and where modules can go.
 *
 * @param file the ONNX file
 * @param opset the opset its operators are read at
 * @param nodes how many operators
 * @param parameters how many numbers its float weights hold
 * @param inputs what it takes
 * @param outputs what it gives
 * @param sites in the order of the data flow
 */
public record ModelReport(
        Path file,
        int opset,
        int nodes,
        long parameters,
        List<Value> inputs,
        List<Value> outputs,
        List<Site> sites) {
    /** Copies the lists. */
    public ModelReport {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        sites = List.copyOf(sites);
    }

    /**
     * An input or output.
     *
     * @param name in the graph
     * @param type of its elements, "int64"
     * @param shape its dimensions: numbers, names, or "?"
     */
    public record Value(String name, String type, List<String> shape) {
        /** Copies the shape. */
        public Value {
            shape = List.copyOf(shape);
        }
    }
}
