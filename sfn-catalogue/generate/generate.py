"""Writes `src/catalogue.bin`: every service, action, argument, result and exception that a Task State can name.

    python3 -m venv /tmp/models && /tmp/models/bin/pip install botocore==1.44.8
    /tmp/models/bin/python sfn-catalogue/generate/generate.py

Separate from the crate because it runs once per release of the models, which the crate never sees. Its inputs are the
API models that botocore publishes and `optimised.toml`, written by hand. The same inputs give the same bytes.

The file is a header and one compressed block per service; `src/block.rs` says how to read them. Numbers are LEB128.
"""

import glob
import gzip
import json
import os
import sys
import tomllib
import zlib

import botocore

import naming

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.join(os.path.dirname(botocore.__file__), "data")
TARGET = os.path.join(HERE, "..", "src", "catalogue.bin")

SDK, OPTIMISED = 0, 1
ANY, BOOLEAN, TIMESTAMP, STRING, INTEGER, FLOAT, BLOB, LIST, MAP, STRUCTURE = range(10)
SCALARS = {
    "string": STRING, "character": STRING, "integer": INTEGER, "long": INTEGER, "bigInteger": INTEGER,
    "float": FLOAT, "double": FLOAT, "bigDecimal": FLOAT, "blob": BLOB, "boolean": BOOLEAN, "timestamp": TIMESTAMP,
}
REQUIRED, OPEN = 1, 1
PATTERNS = {"request": 1, "sync": 2, "sync:2": 4, "callback": 8}

# Exceptions to the rule of `naming.service`, as the documentation prints them.
PREFIXES = {"memorydb": "MemoryDB"}


def number(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value):
    return number(value * 2 if value >= 0 else -value * 2 - 1)


def bytes_of(data):
    return number(len(data)) + data


class Block:
    """The strings, shapes and actions of one service, each string and each shape once."""

    def __init__(self):
        self.strings = {}
        self.shapes = []
        self.numbers = {}
        self.actions = []

    def string(self, text):
        return number(self.strings.setdefault(text, len(self.strings)))

    def add(self, encoded):
        """A shape that refers to none which is still open, so that equal ones are one."""
        if encoded not in self.numbers:
            self.numbers[encoded] = len(self.shapes)
            self.shapes.append(encoded)
        return self.numbers[encoded]

    def any(self):
        return self.add(bytes([ANY]))

    def shape(self, model, name, spelling):
        """The number of a model's shape; `spelling` says what its members are called."""
        key = (id(model), name, spelling)
        if key in self.numbers:
            return self.numbers[key]
        shape = model["shapes"][name]
        kind = shape["type"]
        if kind in SCALARS:
            return self.add(self.scalar(SCALARS[kind], shape))
        if kind == "structure" and (shape.get("document") or not shape.get("members") and not shape.get("exception")):
            encoded = bytes([ANY]) if shape.get("document") else bytes([STRUCTURE, 0, 0])
            return self.add(encoded)
        # A composite may contain itself: its number is known before its members are.
        self.numbers[key] = index = len(self.shapes)
        self.shapes.append(b"")
        if kind == "list":
            encoded = bytes([LIST]) + number(self.shape(model, shape["member"]["shape"], spelling)) + self.bounds(shape)
        elif kind == "map":
            encoded = bytes([MAP]) + number(self.shape(model, shape["value"]["shape"], spelling)) + self.bounds(shape)
        else:
            members = [
                (spelling(member), self.shape(model, target["shape"], spelling), is_required(shape, member, target))
                for member, target in shape["members"].items()
            ]
            encoded = self.structure(members, 0)
        self.shapes[index] = encoded
        return index

    def structure(self, members, flags):
        encoded = bytes([STRUCTURE, flags]) + number(len(members))
        for name, shape, required in members:
            encoded += self.string(name) + number(shape << 1 | required)
        return encoded

    def scalar(self, kind, shape):
        if kind in (BOOLEAN, TIMESTAMP):
            return bytes([kind])
        encoded = bytes([kind]) + self.bounds(shape)
        if kind == STRING:
            pattern = shape.get("pattern")
            encoded += number(0) if pattern is None else number(1) + self.string(pattern)
            values = shape.get("enum", [])
            encoded += number(len(values)) + b"".join(self.string(value) for value in values)
        return encoded

    def bounds(self, shape):
        # Bounds that are no whole numbers are left out: they could not be compared exactly.
        bounds = [shape.get("min"), shape.get("max")]
        bounds = [int(bound) if bound is not None and bound == int(bound) else None for bound in bounds]
        present = sum(1 << index for index, bound in enumerate(bounds) if bound is not None)
        return number(present) + b"".join(signed(bound) for bound in bounds if bound is not None)

    def action(self, name, patterns, arguments, results, exceptions):
        """`results` are shapes by pattern; a pattern without one may have any result."""
        encoded = self.string(name) + number(patterns) + number(arguments)
        encoded += number(len(results))
        for pattern, shape in sorted(results.items()):
            encoded += number(pattern) + number(shape)
        encoded += number(len(exceptions)) + b"".join(self.string(exception) for exception in exceptions)
        self.actions.append((name, encoded))

    def encoded(self):
        actions = [encoded for _, encoded in sorted(self.actions)]
        out = number(len(self.strings)) + b"".join(bytes_of(text.encode()) for text in self.strings)
        out += number(len(self.shapes)) + b"".join(bytes_of(shape) for shape in self.shapes)
        return out + number(len(actions)) + b"".join(bytes_of(action) for action in actions)


def is_required(shape, member, target):
    # The SDK makes up an idempotency token that is not given.
    return member in shape.get("required", []) and not target.get("idempotencyToken")


def load_models():
    """The newest model of every service, by the name of its folder."""
    models = {}
    for folder in sorted(os.listdir(MODELS)):
        versions = sorted(glob.glob(os.path.join(MODELS, folder, "*", "service-2.json*")))
        if versions:
            with (gzip.open if versions[-1].endswith(".gz") else open)(versions[-1]) as file:
                models[folder] = json.load(file)
    return models


def has_event_stream(model, operation):
    for side in ("input", "output"):
        shape = model["shapes"].get(operation.get(side, {}).get("shape"), {})
        for target in shape.get("members", {}).values():
            if model["shapes"][target["shape"]].get("eventstream"):
                return True
    return False


def side(block, model, operation, name, spelling):
    if name in operation:
        return block.shape(model, operation[name]["shape"], spelling)
    return block.add(bytes([STRUCTURE, 0, 0]))


def exceptions(operation, spelling):
    return sorted({spelling(error["shape"]) for error in operation.get("errors", [])})


def sdk_services(models, withheld):
    """The AWS SDK integrations: everything but what streams and what the documentation says is withheld."""
    for folder, model in models.items():
        prefix = naming.service(model["metadata"]["serviceId"])
        name = prefix.lower()
        block = Block()
        for operation in model["operations"].values():
            action = naming.action(operation["name"])
            if has_event_stream(model, operation) or f"{name}:{action}" in withheld:
                continue
            arguments = side(block, model, operation, "input", naming.member)
            result = side(block, model, operation, "output", naming.member)
            raised = exceptions(operation, naming.exception)
            block.action(action, PATTERNS["request"] | PATTERNS["callback"], arguments, {PATTERNS["request"]: result}, raised)
        yield SDK, name, PREFIXES.get(name, prefix), folder, block


def capitalised(name):
    return name[0].upper() + name[1:]


def with_exception(name):
    return name if name.endswith("Exception") else name + "Exception"


def metadata(block):
    text = block.add(bytes([STRING, 0, 0, 0]))
    headers = block.add(bytes([MAP]) + number(block.any()) + number(0))
    code = block.add(bytes([INTEGER, 0]))
    http = [("AllHttpHeaders", headers, 0), ("HttpHeaders", headers, 0), ("HttpStatusCode", code, 0)]
    return [
        ("SdkHttpMetadata", block.add(block.structure(http, 0)), 0),
        ("SdkResponseMetadata", block.add(block.structure([("RequestId", text, 0)], 0)), 0),
    ]


def members_of(block, model, shape):
    described = model["shapes"][shape]
    return [
        (capitalised(member), block.shape(model, target["shape"], capitalised), is_required(described, member, target))
        for member, target in described.get("members", {}).items()
    ]


def optimised_services(models, services):
    """The optimised integrations, as `optimised.toml` describes them over the same models."""
    for name, service in sorted(services.items()):
        block = Block()
        for action, entry in service["actions"].items():
            model = models[entry["model"].split(".")[0]] if "model" in entry else None
            operation = model["operations"][entry["model"].split(".")[1]] if model else {}
            members = members_of(block, model, operation["input"]["shape"]) if "input" in operation else []
            arguments = block.add(block.structure(amended(block, members, entry), entry.get("open", 0)))
            results = {}
            if "output" in operation and not entry.get("any_result"):
                result = members_of(block, model, operation["output"]["shape"])
                anything = entry.get("any_results", [])
                result = [(member, block.any() if member in anything else shape, flag) for member, shape, flag in result]
                flags = entry.get("open_result", 0)
                results[PATTERNS["request"]] = block.add(block.structure(result + metadata(block), flags))
            elif "result" in entry:
                result = [(member, block.any(), 0) for member in entry["result"]]
                results[PATTERNS["request"]] = block.add(block.structure(result, 0))
            for pattern, path in entry.get("job", {}).items():
                described = members_of(block, models[path.split(".")[0]], path.split(".")[1])
                # A job's description is not documented field by field.
                described = [(member, shape, 0) for member, shape, _ in described]
                described = [(m, block.any() if m in ("Output", "Input") else s, f) for m, s, f in described]
                results[PATTERNS[pattern]] = block.add(block.structure(described, OPEN))
            raised = sorted(set(exceptions(operation, with_exception) + service.get("raises", []) + entry.get("raises", [])))
            patterns = sum(PATTERNS[pattern] for pattern in entry["patterns"])
            block.action(action, patterns, arguments, results, raised)
        yield OPTIMISED, name, service["prefix"], name, block


def amended(block, members, entry):
    """Arguments of the model without those that are not supported, with those that are added, and with free types."""
    without, free = entry.get("without", []), entry.get("any", [])
    optional, required = entry.get("optional", []), entry.get("required", [])
    known = {member for member, _, _ in members}
    kept = [
        (member, block.any() if member in free else shape, (flag or member in required) and member not in optional)
        for member, shape, flag in members if member not in without
    ]
    return kept + [(member, block.any(), member in required) for member in required + optional if member not in known]


def main():
    with open(os.path.join(HERE, "optimised.toml"), "rb") as file:
        described = tomllib.load(file)
    models = load_models()
    services = {}
    for kind, name, prefix, alias, block in [
        *sdk_services(models, set(described["withheld"])),
        *optimised_services(models, described["services"]),
    ]:
        # Two models of one service: the first in the alphabet of folders is the one with its proper name.
        services.setdefault((kind, name), (prefix, alias, block))
    for name in described["retired"]:
        services.setdefault((SDK, name), ("", name, Block()))

    header = bytes_of(botocore.__version__.encode()) + number(len(services))
    body = b""
    for (kind, name), (prefix, alias, block) in sorted(services.items()):
        raw = block.encoded()
        compressor = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
        packed = compressor.compress(raw) + compressor.flush()
        header += number(kind) + bytes_of(name.encode()) + bytes_of(prefix.encode()) + bytes_of(alias.encode())
        header += number(len(body)) + number(len(packed)) + number(len(raw))
        body += packed
    with open(TARGET, "wb") as file:
        file.write(header + body)
    actions = sum(len(block.actions) for *_, block in services.values())
    print(f"{len(services)} services, {actions} actions, {len(header + body)} bytes", file=sys.stderr)


main()
