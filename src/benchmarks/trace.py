"""Writes the benchmarked networks as TorchScript modules, with weights, an input and what PyTorch makes of it.

trace.py OUTPUT CASE... makes, for each case of cases.json, the folder OUTPUT/CASE with

- module.pt: the traced network, for the benchmark's input size;
- tensors.bin: float32, little-endian, one tensor after the other;
- tensors.json: {"tensors": {key: {"shape", "offset"}}, "gradient_norm"}. Keys are those of state_dict, and `input` and
  `output`. The norm is that of all gradients of the output's mean square.

The edge convolutions have kernels larger by 2 than the others, but for nnU-Net's networks, whose kernels are all 3.
"""

import json
import math
import pathlib
import sys
import warnings

import torch
from torch import nn

CONVOLUTIONS = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
NORMALISATIONS = {1: nn.InstanceNorm1d, 2: nn.InstanceNorm2d, 3: nn.InstanceNorm3d}
MODES = {1: "linear", 2: "bilinear", 3: "trilinear"}
DOWN, KEEP, UP = "down", "keep", "up"


def convolution(dims, channels_in, channels_out, kernel, scaling=KEEP, bias=False):
    stride = 2 if scaling == DOWN else 1
    return CONVOLUTIONS[dims](channels_in, channels_out, kernel, stride, kernel // 2, bias=bias)


def upsampling(dims, scaling):
    return [nn.Upsample(scale_factor=2, mode=MODES[dims], align_corners=True)] if scaling == UP else []


def normalisation(dims, channels):
    return NORMALISATIONS[dims](channels, affine=True)


def unit(dims, channels_in, channels_out, kernel, scaling=KEEP):
    return nn.Sequential(
        normalisation(dims, channels_in),
        nn.PReLU(channels_in),
        *upsampling(dims, scaling),
        convolution(dims, channels_in, channels_out, kernel, scaling),
    )


class Convolution(nn.Module):
    def __init__(self, dims, channels_in, channels_out, kernel, scaling):
        super().__init__()
        self.mconv = unit(dims, channels_in, channels_out, kernel, scaling)

    def forward(self, x):
        return self.mconv(x)


class Residual(nn.Module):
    """What the inner class names conv1, conv2 ... plus the shortcut."""

    def __init__(self, dims, channels_in, channels_out, scaling):
        super().__init__()
        if scaling == KEEP and channels_in == channels_out:
            self.in_node = nn.Identity()
        else:
            self.in_node = nn.Sequential(
                *upsampling(dims, scaling),
                convolution(dims, channels_in, channels_out, 1, scaling),
                normalisation(dims, channels_out),
            )


class Plain(Residual):
    def __init__(self, dims, channels_in, channels_out, kernel, scaling):
        super().__init__(dims, channels_in, channels_out, scaling)
        self.conv1 = unit(dims, channels_in, channels_in, kernel)
        self.conv2 = unit(dims, channels_in, channels_out, kernel, scaling)

    def forward(self, x):
        return self.conv2(self.conv1(x)) + self.in_node(x)


class Bottleneck(Residual):
    def __init__(self, dims, channels_in, channels_out, kernel, scaling):
        super().__init__(dims, channels_in, channels_out, scaling)
        self.conv1 = unit(dims, channels_in, channels_in, 1)
        self.conv2 = unit(dims, channels_in, channels_in, kernel, scaling)
        self.conv3 = unit(dims, channels_in, channels_out, 1)

    def forward(self, x):
        return self.conv3(self.conv2(self.conv1(x))) + self.in_node(x)


BLOCKS = {"conv": Convolution, "plain": Plain, "bottleneck": Bottleneck}


class Stage(nn.Module):
    """Blocks of which the last one scales; gives its output and the scaling block's input."""

    def __init__(self, block, dims, blocks, channels_in, hidden, channels_out, kernel, scaling):
        super().__init__()
        inner = [block(dims, hidden if i else channels_in, hidden, kernel, KEEP) for i in range(blocks - 1)]
        self.conv_list = nn.ModuleList(inner)
        self.skip_channels = hidden if inner else channels_in
        self.conv_scale = block(dims, self.skip_channels, channels_out, kernel, scaling)

    def forward(self, x):
        for block in self.conv_list:
            x = block(x)
        return self.conv_scale(x), x


def crop(x, sizes):
    for axis, wanted in enumerate(sizes, 2):
        size = min(wanted, x.shape[axis])
        x = x.narrow(axis, (x.shape[axis] - size) // 2, size)
    return x


class Hourglass(nn.Module):
    def __init__(self, block, dims, channel, layers, kernel, channels_in, channels_out, skips):
        super().__init__()
        self.skips = skips
        last = len(layers) - 1
        self.conv_first = convolution(dims, channels_in, channel, kernel + 2)
        channels = channel
        self.conv_down_list = nn.ModuleList()
        for i in range(last):
            out = channel << i
            self.conv_down_list.append(Stage(block, dims, layers[i], channels, out, out, kernel, DOWN))
            channels = out
        self.conv_middle_up = Stage(block, dims, layers[last], channels, 2 * channels, channels, kernel, UP)
        self.conv_up_list = nn.ModuleList()
        for i in reversed(range(last)):
            width = channels + (self.conv_down_list[i].skip_channels if skips else 0)
            out = channel << max(i - 1, 0)
            scaling = UP if i else KEEP
            self.conv_up_list.append(Stage(block, dims, layers[i], width, channel << i, out, kernel, scaling))
            channels = out
        self.conv_final = convolution(dims, channels, channels_out, kernel + 2, bias=True)

    def forward(self, x):
        x = self.conv_first(x)
        handed = []
        for stage in self.conv_down_list:
            before = x
            x, skip = stage(x)
            handed.append(skip if self.skips else before)
        x, _ = self.conv_middle_up(x)
        for stage in self.conv_up_list:
            other = handed.pop()
            x = crop(x, other.shape[2:])
            if self.skips:
                x = torch.cat((x, crop(other, x.shape[2:])), 1)
            x, _ = stage(x)
        return self.conv_final(x)


class Encoder(nn.Module):
    def __init__(self, block, dims, channel, layers, kernel, channels_in, length):
        super().__init__()
        self.dims = dims
        self.netbody = nn.ModuleList([convolution(dims, channels_in, channel, kernel + 2)])
        channels = channel
        for i, blocks in enumerate(layers):
            out = channel << i
            self.netbody.append(Stage(block, dims, blocks, channels, out, out, kernel, DOWN))
            channels = out
        self.netbody.append(convolution(dims, channels, channels, kernel, bias=True))
        self.fc = nn.Linear(channels, length)

    def forward(self, x):
        x = self.netbody[0](x)
        for stage in self.netbody[1:-1]:
            x, _ = stage(x)
        x = self.netbody[-1](x)
        return self.fc(x.mean(list(range(2, 2 + self.dims))))


TRANSPOSED = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
POOLS = {1: nn.AvgPool1d, 2: nn.AvgPool2d, 3: nn.AvgPool3d}


class PlannedUnit(nn.Module):
    """Convolution, normalisation and leaky rectifier, as in nnU-Net's networks."""

    def __init__(self, dims, channels_in, channels_out, stride=1, kernel=3, bias=True, rectified=True):
        super().__init__()
        self.conv = CONVOLUTIONS[dims](channels_in, channels_out, kernel, stride, kernel // 2, bias=bias)
        self.norm = normalisation(dims, channels_out)
        self.rectified = rectified

    def forward(self, x):
        x = self.norm(self.conv(x))
        return nn.functional.leaky_relu(x, 0.01) if self.rectified else x


class PlannedUnits(nn.Module):
    def __init__(self, dims, count, channels_in, channels_out, stride=1):
        super().__init__()
        self.convs = nn.Sequential(
            *(PlannedUnit(dims, channels_out if i else channels_in, channels_out, 1 if i else stride) for i in range(count))
        )

    def forward(self, x):
        return self.convs(x)


class PlannedResidual(nn.Module):
    def __init__(self, dims, channels_in, channels_out, stride):
        super().__init__()
        self.conv1 = PlannedUnit(dims, channels_in, channels_out, stride)
        self.conv2 = PlannedUnit(dims, channels_out, channels_out, rectified=False)
        shortcut = [POOLS[dims](stride)] if stride > 1 else []
        if channels_in != channels_out:
            shortcut.append(PlannedUnit(dims, channels_in, channels_out, kernel=1, bias=False, rectified=False))
        self.skip = nn.Sequential(*shortcut)

    def forward(self, x):
        return nn.functional.leaky_relu(self.conv2(self.conv1(x)) + self.skip(x), 0.01)


class PlannedResiduals(nn.Module):
    def __init__(self, dims, count, channels_in, channels_out, stride):
        super().__init__()
        self.blocks = nn.Sequential(
            *(PlannedResidual(dims, channels_out if i else channels_in, channels_out, 1 if i else stride) for i in range(count))
        )

    def forward(self, x):
        return self.blocks(x)


class PlannedEncoder(nn.Module):
    def __init__(self, residual, dims, features, layers, channels_in):
        super().__init__()
        self.stem = PlannedUnits(dims, 1, channels_in, features[0]) if residual else None
        channels = features[0] if residual else channels_in
        stages = []
        for i, (out, count) in enumerate(zip(features, layers)):
            stride = 2 if i else 1
            stages.append(
                PlannedResiduals(dims, count, channels, out, stride)
                if residual
                else nn.Sequential(PlannedUnits(dims, count, channels, out, stride))
            )
            channels = out
        self.stages = nn.ModuleList(stages)

    def forward(self, x):
        x = x if self.stem is None else self.stem(x)
        outputs = []
        for stage in self.stages:
            x = stage(x)
            outputs.append(x)
        return outputs


class PlannedDecoder(nn.Module):
    """Has the last of the layers to classes only; the others serve deep supervision."""

    def __init__(self, residual, dims, features, channels_out):
        super().__init__()
        pairs = list(zip(reversed(features), reversed(features[:-1])))
        self.transpconvs = nn.ModuleList(TRANSPOSED[dims](below, out, 2, 2) for below, out in pairs)
        self.stages = nn.ModuleList(PlannedUnits(dims, 1 if residual else 2, 2 * out, out) for _, out in pairs)
        self.seg_layers = nn.ModuleDict({str(len(pairs) - 1): CONVOLUTIONS[dims](features[0], channels_out, 1)})

    def forward(self, outputs):
        x = outputs[-1]
        for up, stage, skip in zip(self.transpconvs, self.stages, reversed(outputs[:-1])):
            x = stage(torch.cat((up(x), skip), 1))
        return next(iter(self.seg_layers.values()))(x)


class PlannedUNet(nn.Module):
    def __init__(self, residual, dims, features, layers, channels_in, channels_out):
        super().__init__()
        self.encoder = PlannedEncoder(residual, dims, features, layers, channels_in)
        self.decoder = PlannedDecoder(residual, dims, features, channels_out)

    def forward(self, x):
        return self.decoder(self.encoder(x))


def unused(case):
    """Parameters that a network has and does not use here: layers to classes of lower stages."""
    features = case.get("features", [])
    shape = [1] * (len(case["input"]) - 2)
    tensors = {}
    for i, channels in enumerate(reversed(features[1:-1])):
        tensors[f"decoder.seg_layers.{i}.weight"] = torch.randn([case["outputs"], channels] + shape)
        tensors[f"decoder.seg_layers.{i}.bias"] = torch.randn([case["outputs"]])
    return tensors


def network(case):
    if "features" in case:
        residual = case["model"].startswith("nnunet.residual")
        dims = len(case["input"]) - 2
        return PlannedUNet(residual, dims, case["features"], case["layers"], case["input"][1], case["outputs"])
    block = BLOCKS[case["block"]]
    dims = len(case["input"]) - 2
    kind = case["model"].split(".")[1][:-2]
    arguments = (block, dims, case["channel"], case["layers"], case["kernel"], case["input"][1], case["outputs"])
    return Encoder(*arguments) if kind == "encoder" else Hourglass(*arguments, skips=kind == "unet")


def write(case, folder):
    torch.manual_seed(1)
    module = network(case)
    for parameter in module.parameters():
        # away from 1, 0 and 0.25, which would hide mixed-up tensors
        if parameter.dim() == 1:
            parameter.data.mul_(1 + 0.2 * torch.rand_like(parameter)).add_(0.05 * torch.randn_like(parameter))
    x = torch.randn(case["input"])
    y = module(x)
    (y * y).mean().backward()
    norm = math.sqrt(sum(p.grad.double().square().sum().item() for p in module.parameters()))
    module.zero_grad(set_to_none=True)

    folder.mkdir(parents=True, exist_ok=True)
    index, offset = {}, 0
    with open(folder / "tensors.bin", "wb") as out:
        for key, tensor in {**module.state_dict(), **unused(case), "input": x, "output": y.detach()}.items():
            index[key] = {"shape": list(tensor.shape), "offset": offset}
            offset += out.write(tensor.contiguous().numpy().astype("<f4").tobytes())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", torch.jit.TracerWarning)  # sizes become constants, as wanted
        torch.jit.trace(module, x, check_trace=False).save(str(folder / "module.pt"))
    # last, so that its presence tells that the folder is complete
    (folder / "tensors.json").write_text(json.dumps({"tensors": index, "gradient_norm": norm}))


def main(output, *names):
    here = pathlib.Path(__file__).resolve().parent
    cases = {case["name"]: case for case in json.loads((here / "src/main/resources/cases.json").read_text())}
    for name in names or cases:
        if name not in cases:
            sys.exit(f"no case {name}; use one of {', '.join(cases)}")
        write(cases[name], pathlib.Path(output) / name)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: trace.py OUTPUT [CASE...]")
    main(*sys.argv[1:])
