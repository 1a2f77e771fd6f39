"""Stages are rewritten for NCHWc, the layout of onnxruntime's fastest x86 convolutions, with the same result.

These convolutions keep 8 or 16 channels of one sample side by side (NCHWc). They exist for images only, so each tensor
becomes one row of an image. Every step between two convolutions must know the layout, too, or all values are copied to
another layout and back. LeakyRelu knows it only when fused to a convolution. So a LeakyRelu that does not follow a
convolution gets one before it, of one tap a channel, which also takes over a division by a constant. No operator reads
only some channels in this layout. So where a later step splits the channels of a convolution, the convolution itself is
split, into one for each part. The optimiser fuses a sum only if the model declares that both terms have the same
length, so the length of each tensor is declared.
"""

import platform
from collections.abc import Callable
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from hailo_piper.engine.piper.preparing.optimise import SESSION_ERRORS, tidied
from hailo_piper.engine.piper.preparing.wiring import Wiring, attribute

ATTRIBUTES = frozenset({"auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"})
"""The attributes of a convolution that are understood here."""
CHANNELS, TIME = 1, 2
"""Axes of the tensors that become [1, channels, 1, time]."""
ROW_AXIS = np.array([2])
UNKNOWN: tuple[type[Exception], ...] = (LookupError, *SESSION_ERRORS)
"""Errors at a step that is not known, or a weight that is not a constant."""


def is_faster_here() -> bool:
    """Return whether this CPU has faster convolutions for this layout."""
    return platform.machine() in {"x86_64", "AMD64"}


def blocked(stage: ModelProto) -> ModelProto | None:
    """Return a faster flow or decoder, or None on a CPU without such convolutions, or where a step is not known."""
    if not is_faster_here():
        return None
    try:
        return _Rows(tidied(stage)).model()
    except UNKNOWN:
        return None


def row_convolution(node: NodeProto, taps: int, names: list[str], output: str) -> NodeProto:
    """Return the convolution for one row of an image, with inputs `names`. Raises LookupError if it is unusual."""
    if not {item.name for item in node.attribute} <= ATTRIBUTES or attribute(node, "auto_pad") not in {None, b"NOTSET"}:
        raise LookupError(node.name)
    return helper.make_node(
        node.op_type,
        names,
        [output],
        name=output,
        kernel_shape=[1, taps],
        pads=[side for pad in attribute(node, "pads") or [0, 0] for side in (0, pad)],
        strides=[1, *(attribute(node, "strides") or [1])],
        dilations=[1, *(attribute(node, "dilations") or [1])],
        group=attribute(node, "group") or 1,
    )


class _Rows:
    """A writer of the graph, node by node, for tensors of shape [1, channels, 1, time]."""

    def __init__(self, stage: ModelProto) -> None:
        self.stage = stage
        self.wiring = Wiring(stage.graph)
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}
        self.shapes: dict[str, tuple[int, str | int]] = {}
        """Channels and length of each tensor; the length is a name, or 1 for what is the same at all times."""
        self.divided: dict[str, tuple[str, float]] = {}
        """Outputs of Div: the tensor that is divided, and the divisor."""
        self.writers: dict[str, Callable[[NodeProto, list[str], str], None]] = {
            **dict.fromkeys(("Add", "Mul", "Sigmoid", "Sub", "Tanh"), self.elementwise),
            **dict.fromkeys(("Conv", "ConvTranspose"), self.convolution),
            # They stand at the end of a decoder, where only one channel is left.
            **dict.fromkeys(("Identity", "Squeeze", "Unsqueeze"), self.same),
            **dict.fromkeys(("Slice", "Split"), self.cut),
            "Concat": self.concat,
            "Div": self.division,
            "LeakyRelu": self.leaky_relu,
        }

    def model(self) -> ModelProto:
        graph = self.stage.graph
        axis = self.constant("row_axis", ROW_AXIS)
        names: dict[str, str] = {}
        for value in graph.input:
            if value.type.tensor_type.elem_type == TensorProto.FLOAT:
                names[value.name] = row = f"{value.name}_row"
                dimensions = value.type.tensor_type.shape.dim
                self.node("Unsqueeze", [value.name, axis], row)
                self.shapes[row] = (dimensions[1].dim_value, dimensions[2].dim_param or 1)
        names.update((value.name, f"{value.name}_row") for value in graph.output)
        for node in graph.node:
            inputs = [names.get(name, name) for name in node.input]
            self.writers[node.op_type](node, inputs, names.get(node.output[0], node.output[0]))
        values = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, 1, length])
            for name, (channels, length) in self.shapes.items()
        ]
        for value in graph.output:
            self.node("Squeeze", [names[value.name], axis], value.name)
        constants = list(self.constants.values())
        rows = helper.make_graph(self.nodes, "rows", graph.input, graph.output, constants, value_info=values)
        return helper.make_model(rows, opset_imports=self.stage.opset_import, ir_version=self.stage.ir_version)

    def elementwise(self, node: NodeProto, inputs: list[str], output: str) -> None:
        numbers = [name for name in inputs if name in self.wiring.constants and self.wiring.array(name).size == 1]
        shapes = [self.shapes[name] for name in inputs if name not in numbers]
        for name in numbers:
            self.constant(name, self.wiring.array(name).reshape(()))
        self.node(node.op_type, inputs, output)
        self.shapes[output] = next((shape for shape in shapes if shape[1] != 1), shapes[0])

    def same(self, _: NodeProto, inputs: list[str], output: str) -> None:
        self.node("Identity", inputs[:1], output)
        self.shapes[output] = self.shapes[inputs[0]]

    def division(self, _: NodeProto, inputs: list[str], output: str) -> None:
        self.divided[output] = (inputs[0], self.wiring.array(inputs[1]).item())

    def leaky_relu(self, node: NodeProto, inputs: list[str], output: str) -> None:
        source, divisor = self.divided.get(inputs[0], (inputs[0], 1.0))
        producer = self.wiring.producer(source, "Conv")
        if divisor != 1 or producer is None or len(self.wiring.consumers[source]) > 1:
            source = self.one_tap(source, f"{output}_tap", 1 / divisor)
        self.node("LeakyRelu", [source], output, alpha=attribute(node, "alpha") or 0.01)
        self.shapes[output] = self.shapes[source]

    def concat(self, node: NodeProto, inputs: list[str], output: str) -> None:
        axis = attribute(node, "axis")
        if axis not in {CHANNELS, TIME}:
            raise LookupError(node.name)
        channels, length = self.shapes[inputs[0]]
        if axis == TIME:  # what is carried over
            self.node("Concat", inputs, output, axis=TIME + 1)
            self.shapes[output] = (channels, f"{length}_{output}")
        else:
            self.node("Concat", inputs, output, axis=CHANNELS)
            self.shapes[output] = (sum(self.shapes[name][0] for name in inputs), length)

    def cut(self, node: NodeProto, inputs: list[str], output: str) -> None:
        channels, length = self.shapes.get(inputs[0], (0, 1))
        parts = self.channel_parts(node)
        if parts is None:  # a trim, or what is carried over
            if self.wiring.array(node.input[3]).tolist() != [TIME]:
                raise LookupError(node.name)
            for name in self.wiring.constants.keys() & set(inputs[1:3]):
                self.constant(name, self.wiring.array(name))
            self.node("Slice", [*inputs[:3], self.constant("time_axis", np.array([TIME + 1]))], output)
            self.shapes[output] = (channels, f"{length}_{output}")
        elif output not in self.shapes:  # else its convolution was written in parts already
            for name, part in parts.items():
                bounds = {"start": part.start, "stop": part.stop, "axis": CHANNELS, "step": part.step or 1}
                names = [self.constant(f"{name}_{bound}", np.array([value])) for bound, value in bounds.items()]
                self.node("Slice", [inputs[0], *names], name)
                self.shapes[name] = (len(range(channels)[part]), length)

    def channel_parts(self, node: NodeProto) -> dict[str, slice] | None:
        """Return the channels of each output, for a Slice or Split of channels; None for other nodes."""
        if node.op_type == "Split" and attribute(node, "axis") == CHANNELS:
            ends = np.cumsum(self.wiring.array(node.input[1])).tolist()
            return dict(zip(node.output, map(slice, [0, *ends], ends), strict=True))
        if node.op_type == "Slice" and self.wiring.array(node.input[3]).tolist() == [CHANNELS]:
            bounds = [self.wiring.array(name).item() for name in (*node.input[1:3], *node.input[4:])]
            return {node.output[0]: slice(*bounds)}
        return None

    def convolution(self, node: NodeProto, inputs: list[str], output: str) -> None:
        weight, *bias = (self.wiring.array(name) for name in inputs[1:])
        length = self.shapes[inputs[0]][1]
        upsamples = node.op_type == "ConvTranspose"
        written = f"{output}_up" if upsamples else output
        for name, part in (self.parts_read(node) or {written: slice(None)}).items():
            names = [inputs[0], self.constant(f"{name}_weight", weight[part][:, :, None, :])]
            names += [self.constant(f"{name}_bias", array[part]) for array in bias]
            self.nodes.append(row_convolution(node, weight.shape[2], names, name))
            self.shapes[name] = (len(weight[part]), length)
        if upsamples:  # this layout has no ConvTranspose: enter it here, before the sums
            self.shapes[written] = (weight.shape[1], f"{length}_{output}")
            self.one_tap(written, output, 1.0)

    def parts_read(self, node: NodeProto) -> dict[str, slice]:
        """Return the parts in which a convolution's channels are read; none where a node reads all of them."""
        found: dict[str, slice] = {}
        for reader in self.wiring.consumers.get(node.output[0], []):
            parts = self.channel_parts(reader)
            if parts is None or any(part.step not in {None, 1} for part in parts.values()):
                return {}
            found |= parts
        return found if (attribute(node, "group") or 1) == 1 else {}

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
