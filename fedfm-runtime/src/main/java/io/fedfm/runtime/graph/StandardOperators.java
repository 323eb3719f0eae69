package io.fedfm.runtime.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.fedfm.api.ErrorCode;
import io.fedfm.api.FedFmException;
import java.util.HashMap;
import java.util.Map;

/**
 * The operators a backbone may have, each with the opset since which it means what it means at
 * {@link Graph#OPSET}: later definitions only added types, attributes with the old behaviour as
 * their default, or optional inputs.
 */
final class StandardOperators {
    private static final Map<String, Integer> SAME_SINCE = new HashMap<>();

    static {
        since(
                9,
                "Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool Cast Ceil"
                        + " Compress Concat ConstantOfShape Conv ConvTranspose Cos Cosh"
                        + " DepthToSpace Div Dropout Elu Equal Erf Exp Expand EyeLike Flatten"
                        + " Floor GRU Gather Gemm GlobalAveragePool GlobalMaxPool Greater"
                        + " HardSigmoid Identity InstanceNormalization IsNaN LRN LSTM LeakyRelu"
                        + " Less Log LpNormalization MatMul Max MaxPool Mean"
                        + " MeanVarianceNormalization Min Mul Neg NonZero Not OneHot Or PRelu Pow"
                        + " RNN Reciprocal Relu Reshape Selu Shape Shrink Sigmoid Sign Sin Sinh"
                        + " Size Softplus Softsign SpaceToDepth Sqrt Sub Sum Tan Tanh Tile"
                        + " Transpose Where Xor");
        since(
                10,
                "ConvInteger DequantizeLinear IsInf MatMulInteger Mod QLinearConv QLinearMatMul"
                        + " QuantizeLinear ReverseSequence Slice ThresholdedRelu TopK");
        since(
                11,
                "BitShift Clip CumSum Det DynamicQuantizeLinear GatherElements GatherND Pad Range"
                        + " Resize Round ScatterElements ScatterND Unique");
        since(12, "Celu Einsum GreaterOrEqual LessOrEqual");
        since(13, "Hardmax LogSoftmax ReduceSum Softmax Squeeze Unsqueeze");
        since(14, "BatchNormalization HardSwish Trilu");
        since(15, "CastLike");
        since(16, "RoiAlign");
        since(17, "LayerNormalization");
        since(
                18,
                "BitwiseAnd BitwiseNot BitwiseOr BitwiseXor CenterCropPad Col2Im Mish ReduceL1"
                        + " ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin"
                        + " ReduceProd ReduceSumSquare Split");
        since(20, "AffineGrid Gelu GridSample");
        since(21, "GroupNormalization");
        since(23, "Attention RMSNormalization RotaryEmbedding");
    }

    private StandardOperators() {}

    private static void since(int opset, String operators) {
        for (String operator : operators.split(" ")) {
            SAME_SINCE.put(operator, opset);
        }
    }

    /** Whether a node of a graph at {@code opset} needs no conversion. */
    static boolean isCurrent(String op, int opset) {
        return SAME_SINCE.getOrDefault(op, Integer.MAX_VALUE) <= opset;
    }

    /** Refuses operators that are not of the ONNX standard. */
    static void checkDomain(NodeProto node) {
        String domain = NodeReader.domain(node.getDomain());
        if (!domain.isEmpty() && !FusedProducts.is(domain, node.getOpType())) {
            throw foreign(NodeReader.describe(node), node.getDomain());
        }
    }

    /** The error for an operator that is not of the ONNX standard. */
    static FedFmException foreign(Node node) {
        return foreign(NodeReader.describe(node), node.domain());
    }

    private static FedFmException foreign(String what, String domain) {
        return new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED,
                what
                        + " is of the domain "
                        + domain
                        + ", not of the ONNX standard; export the model without optimisation");
    }

    /** The error for an operator that is neither current nor converted. */
    static FedFmException unsupported(Node node, int opset) {
        return new FedFmException(
                ErrorCode.MODEL_UNSUPPORTED,
                NodeReader.describe(node)
                        + " at opset "
                        + opset
                        + " is not an operator that fedfm reads"
                        + (SAME_SINCE.containsKey(node.op())
                                ? "; export at opset " + SAME_SINCE.get(node.op()) + " or above"
                                : "; export a model without it"));
    }
}
