"""Turns a float32 ONNX graph into one with 8-bit weights and 8-bit products, each token scaled on its own.

onnxruntime's dynamic quantisation takes one scale for a whole batch, so that a statement's probabilities would depend
on which statements are read beside it, and a replay would not give the same bytes. Here every row of activations (one
token) has its own scale, and integer sums are exact: a statement's result depends on that statement alone. It is also
nearer to float32, since one token with large values no longer coarsens all the others.
"""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"
LEVELS = 127.0


def quantise(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return `model` with each MatMul by a constant matrix, and each large embedding table, in 8 bits."""
    graph = model.graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    rewriter = _Rewriter()
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights:
            rewriter.product(node, numpy_helper.to_array(weights[node.input[1]]))
        elif node.op_type == "Gather" and node.input[0] in weights and len(weights[node.input[0]].dims) == 2:
            rewriter.lookup(node, numpy_helper.to_array(weights[node.input[0]]))
        else:
            rewriter.nodes.append(node)
    used = {name for node in rewriter.nodes for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    rewritten = helper.make_graph(
        rewriter.nodes, graph.name, list(graph.input), list(graph.output), [*kept, *rewriter.tensors]
    )
    opsets = {opset.domain: opset.version for opset in model.opset_import} | {MICROSOFT: 1}
    result = helper.make_model(
        rewritten, opset_imports=[helper.make_opsetid(domain, version) for domain, version in opsets.items()]
    )
    result.ir_version = model.ir_version
    return result


class _Rewriter:
    """Collects the nodes and constants of the new graph; inputs shared by several products are scaled once."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.tensors = [
            numpy_helper.from_array(np.array(1.0 / LEVELS, np.float32), "per_level"),
            # The floor keeps a row of zeros from dividing by zero.
            numpy_helper.from_array(np.array(1e-9, np.float32), "least_scale"),
            # Half a level more turns the cast's truncation into rounding.
            numpy_helper.from_array(np.array(128.5, np.float32), "offset"),
            numpy_helper.from_array(np.array(128, np.uint8), "input_zero"),
            numpy_helper.from_array(np.array(0, np.int8), "weight_zero"),
            numpy_helper.from_array(np.array(1.0, np.float32), "one"),
        ]
        self._scaled: dict[str, tuple[str, str]] = {}

    def _add(self, operation: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(operation, inputs, [output], domain=domain, **attributes))
        return output

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        self.tensors.append(numpy_helper.from_array(values, name))
        return name

    def _rows(self, source: str) -> tuple[str, str]:
        """Add what turns `source` (…, columns) into bytes around 128 and one scale per row; return both names."""
        if source not in self._scaled:
            size = self._add("Abs", [source], f"{source}_size")
            largest = self._add("ReduceMax", [size], f"{source}_largest", axes=[-1], keepdims=1)
            scale = self._add("Mul", [largest, "per_level"], f"{source}_fraction")
            scale = self._add("Add", [scale, "least_scale"], f"{source}_scale")
            level = self._add("Div", [source, scale], f"{source}_level")
            shifted = self._add("Add", [level, "offset"], f"{source}_shifted")
            self._scaled[source] = (
                self._add("Cast", [shifted], f"{source}_bytes", to=TensorProto.UINT8),
                scale,
            )
        return self._scaled[source]

    def product(self, node: onnx.NodeProto, weight: NDArray[np.float32]) -> None:
        """Replace a float product by an integer one, scaled back by the row's and the column's scale."""
        source, name = node.input[0], node.input[1]
        rows, scale = self._rows(source)
        columns = np.maximum(np.abs(weight).max(axis=0) / LEVELS, 1e-12).astype(np.float32)
        whole = self._constant(f"{name}_int8", np.rint(weight / columns).astype(np.int8))
        per_column = self._constant(f"{name}_scale", columns)
        summed = self._add(
            "MatMulIntegerToFloat",
            [rows, whole, "one", per_column, "input_zero", "weight_zero"],
            f"{node.output[0]}_unscaled",
            domain=MICROSOFT,
        )
        self._add("Mul", [summed, scale], node.output[0])

    def lookup(self, node: onnx.NodeProto, table: NDArray[np.float32]) -> None:
        """Replace a lookup of float rows by one of bytes, scaled back by the row's scale."""
        name, places = node.input[0], node.input[1]
        scales = np.maximum(np.abs(table).max(axis=1, keepdims=True) / LEVELS, 1e-12).astype(np.float32)
        whole = self._constant(f"{name}_int8", np.rint(table / scales).astype(np.int8))
        per_row = self._constant(f"{name}_scale", scales)
        found = self._add("Gather", [whole, places], f"{node.output[0]}_int8", axis=0)
        real = self._add("Cast", [found], f"{node.output[0]}_float", to=TensorProto.FLOAT)
        scale = self._add("Gather", [per_row, places], f"{node.output[0]}_scale", axis=0)
        self._add("Mul", [real, scale], node.output[0])
