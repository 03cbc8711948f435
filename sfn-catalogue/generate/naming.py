"""How Step Functions spells what the API models call otherwise: the names of its AWS SDK integrations.

Separate from the generator because these are rules of the language, not of the file: the service names its AWS SDK
integrations after the classes, methods and exceptions that the AWS SDK for Java 2 generates from the same models.
"""

import re

# Java's keywords and the methods of its `Object`: members with such a name get the suffix `Value`.
RESERVED = {
    "abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const", "continue", "default",
    "do", "double", "else", "enum", "extends", "false", "final", "finally", "float", "for", "goto", "if", "implements",
    "import", "instanceof", "int", "interface", "long", "native", "new", "null", "package", "private", "protected",
    "public", "return", "short", "static", "strictfp", "super", "switch", "synchronized", "this", "throw", "throws",
    "transient", "true", "try", "void", "volatile", "while",
    "clone", "equals", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait",
}


def words(name):
    """The words of a name, as the SDK's code generator cuts them."""
    name = re.sub(r"[^A-Za-z0-9]+", " ", name)
    name = re.sub(r"([^a-z]{2,})v([0-9]+)", r"\1 v\2 ", name)
    name = re.sub(r"([^A-Z]{2,})V([0-9]+)", r"\1 V\2 ", name)
    name = re.sub(r"(?<=[a-z])(?=[A-Z][a-zA-Z0-9])", " ", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", name)
    name = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", name)
    return name.split()


def pascal(name):
    """A name in PascalCase with abbreviations as words: `DynamoDB` is `DynamoDb`."""
    return "".join(word[0].upper() + word[1:].lower() for word in words(name))


def service(service_id):
    """The prefix of a service's exceptions; in lower case, its name in a `Resource`."""
    name = pascal(service_id)
    for prefix in ("Amazon", "Aws"):
        name = name.removeprefix(prefix)
    return name.removesuffix("Service")


def uncapitalized(name):
    """A name whose leading capitals are small, but for the one that begins the next word: `dbInstance` of `DBInstance`."""
    end = 1
    while end < len(name) and name[end].isupper() and not (end + 1 < len(name) and name[end + 1].islower()):
        end += 1
    return name[:end].lower() + name[end:]


def action(operation):
    """An operation's name in a `Resource`."""
    return uncapitalized(operation)


def member(name):
    """The name of an argument or of a result's field: `SsekmsKeyId` of `SSEKMSKeyId`."""
    method = uncapitalized(name)
    if method in RESERVED:
        method += "Value"
    return method[0].upper() + method[1:]


def exception(shape):
    """An exception's name without its prefix: it always ends in `Exception`."""
    if shape.endswith("Fault"):
        return pascal(shape.removesuffix("Fault")) + "Exception"
    return pascal(shape) if shape.endswith("Exception") else pascal(shape) + "Exception"
