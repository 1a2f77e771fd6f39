"""A decoder in the layout that onnxruntime's fastest x86 convolutions work in, with the same result.

Those keep 8 or 16 channels of one sample side by side (NCHWc). They exist for images only, so the sound is
made one row of an image; and every step between two convolutions has to be one that knows the layout, or
everything is laid out over again twice. LeakyRelu is known only when fused to a convolution, so those that
follow none get one: of one tap a channel, which also takes over a division by a constant. Sums are fused if
the optimiser can see that both have one length, so each tensor's is told.
"""

import platform
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from hailo_piper.graph.wiring import Wiring, attribute

ATTRIBUTES = frozenset({"dilations", "group", "kernel_shape", "pads", "strides"})
# of a convolution
SHAPELESS = frozenset({"Identity", "Squeeze", "Unsqueeze"})
# at the end, where there is only one channel left


def blocked(decoder: ModelProto) -> ModelProto | None:
    """A faster decoder, or None where it would not be: on another CPU, or with steps that are not known."""
    if platform.machine() not in {"x86_64", "AMD64"}:
        return None
    try:
        return _Rows(decoder).model()
    except (
        LookupError,
        ValueError,
    ):  # a weight that is no constant, a sum with what is not a tensor of its own
        return None


class _Rows:
    """Writes the graph again, node by node, for [1, channels, 1, time]."""

    def __init__(self, decoder: ModelProto) -> None:
        self.decoder = decoder
        self.wiring = Wiring(decoder.graph)
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}
        self.shapes: dict[str, tuple[int, str | int]] = {}
        # channels, and the length: a name, or 1 of what is the same at all times
        self.divided: dict[str, tuple[str, float]] = {}
        # outputs of Div: what it divides, and by what

    def model(self) -> ModelProto:
        graph = self.decoder.graph
        latents = [value for value in graph.input if value.type.tensor_type.elem_type == TensorProto.FLOAT]
        for value in latents:
            name = f"{value.name}_row"
            dimensions = value.type.tensor_type.shape.dim
            self.node("Unsqueeze", [value.name, self.constant("row_axis", np.array([2]))], name)
            self.shapes[name] = (dimensions[1].dim_value, dimensions[2].dim_param or 1)
        names = {value.name: f"{value.name}_row" for value in latents}
        for node in graph.node:
            inputs = [names.get(name, name) for name in node.input]
            self.write(node, inputs, node.output[0])
        values = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, 1, length])
            for name, (channels, length) in self.shapes.items()
            if name != graph.output[0].name
        ]
        constants = list(self.constants.values())
        rows = helper.make_graph(self.nodes, "decoder", graph.input, graph.output, constants, value_info=values)
        return helper.make_model(rows, opset_imports=self.decoder.opset_import, ir_version=self.decoder.ir_version)

    def write(self, node: NodeProto, inputs: list[str], output: str) -> None:
        if node.op_type in {"Conv", "ConvTranspose"}:
            self.convolution(node, inputs, output)
        elif node.op_type == "Div":
            self.divided[output] = (inputs[0], self.wiring.array(inputs[1]).item())
        elif node.op_type == "LeakyRelu":
            source, divisor = self.divided.get(inputs[0], (inputs[0], 1.0))
            producer = self.wiring.producer(source, "Conv")
            if divisor != 1 or producer is None or len(self.wiring.consumers[source]) > 1:
                source = self.one_tap(source, f"{output}_tap", 1 / divisor)
            self.node("LeakyRelu", [source], output, alpha=attribute(node, "alpha") or 0.01)
            self.shapes[output] = self.shapes[source]
        elif node.op_type == "Slice":  # a trim
            self.node("Slice", [*inputs[:3], self.constant("time_axis", np.array([3]))], output)
            channels, length = self.shapes[inputs[0]]
            self.shapes[output] = (channels, f"{length}_{output}")
        elif node.op_type in {"Add", "Tanh", *SHAPELESS}:
            operation = "Identity" if node.op_type in SHAPELESS else node.op_type
            shapes = [self.shapes[name] for name in (inputs if operation == "Add" else inputs[:1])]
            self.node(operation, inputs[: len(shapes)], output)
            self.shapes[output] = next((shape for shape in shapes if shape[1] != 1), shapes[0])
        else:
            raise LookupError(node.op_type)

    def convolution(self, node: NodeProto, inputs: list[str], output: str) -> None:
        if not {item.name for item in node.attribute} <= ATTRIBUTES:
            raise LookupError(node.name)
        weight = self.wiring.array(inputs[1])
        names = [inputs[0], self.constant(inputs[1], weight[:, :, None, :])]
        names += [self.constant(name, self.wiring.array(name)) for name in inputs[2:]]
        upsamples = node.op_type == "ConvTranspose"
        written = f"{output}_up" if upsamples else output
        self.node(
            node.op_type,
            names,
            written,
            kernel_shape=[1, weight.shape[2]],
            pads=[side for pad in attribute(node, "pads") or [0, 0] for side in (0, pad)],
            strides=[1, *(attribute(node, "strides") or [1])],
            dilations=[1, *(attribute(node, "dilations") or [1])],
            group=attribute(node, "group") or 1,
        )
        length = self.shapes[inputs[0]][1]
        self.shapes[written] = (weight.shape[1], f"{length}_{output}") if upsamples else (weight.shape[0], length)
        if upsamples:  # there is no ConvTranspose in this layout: enter it before the sums
            self.one_tap(written, output, 1.0)

    def one_tap(self, source: str, output: str, factor: float) -> str:
        channels, _ = self.shapes[source]
        weight = self.constant(f"{output}_weight", np.full((channels, 1, 1, 1), factor, np.float32))
        self.node("Conv", [source, weight], output, kernel_shape=[1, 1], group=channels)
        self.shapes[output] = self.shapes[source]
        return output

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(self, operation: str, inputs: list[str], output: str, **attributes: Any) -> None:
        self.nodes.append(helper.make_node(operation, inputs, [output], name=output, **attributes))
