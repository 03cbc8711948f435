"""Reads the templates in the folders that are named, as those do who deploy them, and follows every name in them.

Apart from the Rust tests because the readers are other people's programs.
"""

import os
import re
import sys
from pathlib import Path

import hcl2
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")


def sam(path):
    """Expands SAM's resources; everything that is named must be there afterwards, and no cycle of references."""
    template = yaml_parse(path.read_text())
    for function in [template["Globals"]["Function"]]:
        assert function["CodeUri"] == "bootstrap.zip"
        # What uploading would put in its place.
        function["CodeUri"] = {"Bucket": "b", "Key": "k"}
    template = Translator({}, Parser()).translate(template, {})
    resources = template["Resources"]
    known = set(resources) | set(template["Parameters"])
    edges = {}
    for name, resource in resources.items():
        edges[name] = {found for found in names(resource) if not found.startswith("AWS::")}
        missing = edges[name] - known
        assert not missing, f"{path}: {name} names {missing}, which do not exist"
    check_acyclic(path, edges)
    for machine in (r for r in resources.values() if r["Type"] == "AWS::StepFunctions::StateMachine"):
        properties = machine["Properties"]
        definition = (path.parent / properties["DefinitionS3Location"]).read_text()
        wanted = set(re.findall(r"\$\{(\w+)\}", definition))
        assert wanted == set(properties.get("DefinitionSubstitutions", {})), f"{path}: {wanted}"
        for target in properties.get("DefinitionSubstitutions", {}).values():
            kind = resources.get(target["Ref"], {}).get("Type", "a parameter")
            assert kind != "AWS::Lambda::Function", f"{path}: {target} would change under running executions"


def names(value):
    """What `Ref`, `GetAtt` and `Sub` name."""
    if isinstance(value, list):
        return {name for item in value for name in names(item)}
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, inner in value.items():
        if key == "Ref":
            found.add(inner)
        elif key == "Fn::GetAtt":
            found.add(inner[0] if isinstance(inner, list) else inner.split(".")[0])
        elif key == "Fn::Sub":
            text, own = (inner, {}) if isinstance(inner, str) else inner
            found |= {name.split(".")[0] for name in re.findall(r"\$\{([\w.:]+)\}", text)} - set(own)
            found |= names(own)
        else:
            found |= names(inner)
    return found


def check_acyclic(path, edges):
    done, open_ = set(), []

    def visit(name):
        assert name not in open_, f"{path}: {open_ + [name]} is a cycle"
        if name not in done and name in edges:
            open_.append(name)
            for next_ in sorted(edges[name]):
                visit(next_)
            open_.pop()
            done.add(name)

    for name in edges:
        visit(name)


def terraform(folder):
    """Reads the module; every variable, local, resource and data source that is named must be declared."""
    declared, text = set(), ""
    for path in sorted(folder.glob("*.tf")):
        content = path.read_text()
        module = hcl2.loads(content)
        declared |= {f"var.{bare(name)}" for block in module.get("variable", []) for name in block}
        declared |= {f"local.{bare(name)}" for block in module.get("locals", []) for name in block}
        for block in module.get("resource", []):
            declared |= {f"{bare(kind)}.{bare(name)}" for kind, named in block.items() for name in named}
        for also in ["data", "ephemeral"]:
            for block in module.get(also, []):
                declared |= {f"{also}.{bare(kind)}.{bare(name)}" for kind, named in block.items() for name in named}
        text += re.sub(r"(?m)^\s*#.*$", "", content)
    named = set(re.findall(r"\b(var\.\w+|local\.\w+|(?:data|ephemeral)\.aws_\w+\.\w+|(?<!data\.)(?<!ephemeral\.)\baws_\w+\.\w+)", text))
    assert named, f"{folder}: nothing is named"
    missing = named - declared
    assert not missing, f"{folder}: {missing} are not declared"


def bare(name):
    return name.strip('"')


for folder in map(Path, sys.argv[1:]):
    sam(folder / "workflows.yaml")
    terraform(folder)
    print(folder)
