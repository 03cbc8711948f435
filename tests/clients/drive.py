"""Drives the served API with boto3 and the AWS CLI, unchanged but for the address, and checks what they get.

Run by `.ci/clients`, which serves and sets AWS_ENDPOINT_URL_SFN and SFN_DOOR (a file whose presence mends a function).
"""

import json
import os
import pathlib
import subprocess
import time

os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
# What `cargo sfn serve` advises for TestState; boto3 is told below.
COMMAND_LINE = {**os.environ, "AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}

import boto3  # noqa: E402
from botocore.config import Config  # noqa: E402

ROLE = "arn:aws:iam::123456789012:role/test"
DOOR = pathlib.Path(os.environ["SFN_DOOR"])
# The prefix that StartSyncExecution and TestState put before the host's name is for AWS's names.
sfn = boto3.client("stepfunctions", config=Config(inject_host_prefix=False, retries={"total_max_attempts": 1}))


def definition(states, start, **more):
    return json.dumps({"QueryLanguage": "JSONata", "StartAt": start, "States": states, **more})


def task(resource, **more):
    return {"Type": "Task", "Resource": resource, "End": True, **more}


def function(name, **more):
    arguments = {"FunctionName": name, "Payload": "{% $states.input %}"}
    return task("arn:aws:states:::lambda:invoke", Arguments=arguments, Output="{% $states.result.Payload %}", **more)


def ended(execution):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        described = sfn.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.02)
    raise AssertionError(f"{execution} does not end")


def refused(error, call, **arguments):
    try:
        call(**arguments)
    except error as found:
        return found.response["Error"]["Message"]
    raise AssertionError(f"{call.__name__} should be refused with {error.__name__}")


def cli(*words):
    command = ["aws", "stepfunctions", *words, "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, env=COMMAND_LINE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


def executions_from_start_to_redrive():
    machine = sfn.create_state_machine(
        name="Doors", definition=definition({"Open": function("door")}, "Open"), roleArn=ROLE
    )["stateMachineArn"]
    assert machine == "arn:aws:states:eu-west-1:123456789012:stateMachine:Doors", machine
    start = {"stateMachineArn": machine, "name": "one", "input": '{"n": 1}'}
    execution = sfn.start_execution(**start)["executionArn"]
    failed = ended(execution)
    assert failed["status"] == "FAILED" and failed["redriveStatus"] == "REDRIVABLE", failed
    message = refused(sfn.exceptions.ExecutionAlreadyExists, sfn.start_execution, **start)
    assert message == f"Execution Already Exists: '{execution}'", message
    events = [event["type"] for event in sfn.get_execution_history(executionArn=execution)["events"]]
    assert events == [
        "ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskFailed", "ExecutionFailed",
    ], events

    DOOR.touch()
    sfn.redrive_execution(executionArn=execution)
    done = ended(execution)
    assert (done["status"], json.loads(done["output"])) == ("SUCCEEDED", {"n": 1}), done
    assert done["redriveCount"] == 1, done
    pages = sfn.get_paginator("get_execution_history").paginate(executionArn=execution, PaginationConfig={"PageSize": 4})
    history = [event for page in pages for event in page["events"]]
    assert [event["id"] for event in history] == list(range(1, len(history) + 1)), history
    assert history[6]["type"] == "ExecutionRedriven", history[6]
    assert history[6]["executionRedrivenEventDetails"] == {"redriveCount": 1}, history[6]
    last = sfn.get_execution_history(executionArn=execution, reverseOrder=True, maxResults=1)["events"]
    assert [event["type"] for event in last] == ["ExecutionSucceeded"], last
    message = refused(sfn.exceptions.ExecutionNotRedrivable, sfn.redrive_execution, executionArn=execution)
    assert message == "Execution is SUCCEEDED and cannot be redriven.", message
    listed = sfn.list_executions(stateMachineArn=machine, redriveFilter="REDRIVEN")["executions"]
    assert [it["executionArn"] for it in listed] == [execution], listed
    sfn.delete_state_machine(stateMachineArn=machine)
    refused(sfn.exceptions.StateMachineDoesNotExist, sfn.describe_state_machine, stateMachineArn=machine)


def definitions_that_are_refused():
    message = refused(
        sfn.exceptions.InvalidDefinition, sfn.create_state_machine, name="Bad", definition="{}", roleArn=ROLE
    )
    fault = "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /"
    assert message == f"Invalid State Machine Definition: '{fault}'", message
    found = sfn.validate_state_machine_definition(definition="{}")
    assert found["result"] == "FAIL" and found["diagnostics"][0]["location"] == "/", found


def versions_and_aliases():
    machine = sfn.create_state_machine(
        name="Versions", definition=definition({"A": {"Type": "Pass", "Output": 1, "End": True}}, "A"),
        roleArn=ROLE, publish=True, versionDescription="one", tags=[{"key": "team", "value": "a"}],
    )
    arn, first = machine["stateMachineArn"], machine["stateMachineVersionArn"]
    second = sfn.update_state_machine(
        stateMachineArn=arn, definition=definition({"A": {"Type": "Pass", "Output": 2, "End": True}}, "A"), publish=True
    )["stateMachineVersionArn"]
    routes = [{"stateMachineVersionArn": first, "weight": 100}]
    alias = sfn.create_state_machine_alias(name="live", routingConfiguration=routes)["stateMachineAliasArn"]
    output = lambda target: ended(sfn.start_execution(stateMachineArn=target)["executionArn"])["output"]  # noqa: E731
    assert [output(it) for it in (arn, first, second, alias)] == ["2", "1", "2", "1"]
    routes = [{"stateMachineVersionArn": second, "weight": 100}]
    sfn.update_state_machine_alias(stateMachineAliasArn=alias, routingConfiguration=routes)
    assert output(alias) == "2"
    assert sfn.describe_state_machine_alias(stateMachineAliasArn=alias)["routingConfiguration"] == routes
    versions = sfn.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [it["stateMachineVersionArn"] for it in versions] == [second, first], versions
    conflict = sfn.exceptions.ConflictException
    refused(conflict, sfn.delete_state_machine_version, stateMachineVersionArn=second)
    assert sfn.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "team", "value": "a"}]


def activities_and_tokens():
    activity = sfn.create_activity(name="Pack")["activityArn"]
    machine = sfn.create_state_machine(
        name="Packing", definition=definition({"Pack": task(activity)}, "Pack"), roleArn=ROLE
    )["stateMachineArn"]
    execution = sfn.start_execution(stateMachineArn=machine, input='{"box": 7}')["executionArn"]
    work = sfn.get_activity_task(activityArn=activity, workerName="me")
    assert json.loads(work["input"]) == {"box": 7}, work
    sfn.send_task_heartbeat(taskToken=work["taskToken"])
    sfn.send_task_success(taskToken=work["taskToken"], output='"packed"')
    assert ended(execution)["output"] == '"packed"'
    refused(sfn.exceptions.TaskTimedOut, sfn.send_task_success, taskToken=work["taskToken"], output="1")
    refused(sfn.exceptions.InvalidToken, sfn.send_task_heartbeat, taskToken="nonsense")


def express():
    machine = sfn.create_state_machine(
        name="Fast", type="EXPRESS", definition=definition({"Echo": function("echo")}, "Echo"), roleArn=ROLE
    )["stateMachineArn"]
    done = sfn.start_sync_execution(stateMachineArn=machine, input='{"quick": true}')
    assert (done["status"], json.loads(done["output"])) == ("SUCCEEDED", {"quick": True}), done


def states_by_themselves():
    retry = [{"ErrorEquals": ["Declined"], "MaxAttempts": 2, "IntervalSeconds": 3}]
    state = json.dumps({"QueryLanguage": "JSONata", **function("echo", Retry=retry)})
    done = sfn.test_state(definition=state, roleArn=ROLE, input='{"n": 1}', inspectionLevel="TRACE")
    assert (done["status"], json.loads(done["output"])) == ("SUCCEEDED", {"n": 1}), done
    shown = done["inspectionData"]
    assert json.loads(shown["afterArguments"]) == {"FunctionName": "echo", "Payload": {"n": 1}}, shown
    assert json.loads(shown["result"])["Payload"] == {"n": 1}, shown
    failed = sfn.test_state(
        definition=state, inspectionLevel="DEBUG", stateConfiguration={"retrierRetryCount": 1},
        mock={"errorOutput": {"error": "Declined", "cause": "no money"}},
    )
    assert (failed["status"], failed["error"], failed["cause"]) == ("RETRIABLE", "Declined", "no money"), failed
    details = failed["inspectionData"]["errorDetails"]
    assert details == {"retryIndex": 0, "retryBackoffIntervalSeconds": 6}, details
    message = refused(
        sfn.exceptions.ValidationException, sfn.test_state, definition=state, mock={"result": '{"StatusCode": "200"}'}
    )
    assert message == "Mock result schema validation error: Field 'StatusCode' must be a number", message


def map_runs():
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Echo",
        "States": {"Echo": function("echo")},
    }
    each = {"Type": "Map", "Items": [1, 2, 3], "Label": "each", "ItemProcessor": processor, "End": True}
    machine = sfn.create_state_machine(name="Mapped", definition=definition({"Each": each}, "Each"), roleArn=ROLE)
    execution = sfn.start_execution(stateMachineArn=machine["stateMachineArn"], name="one")["executionArn"]
    assert json.loads(ended(execution)["output"]) == [1, 2, 3]
    runs = sfn.list_map_runs(executionArn=execution)["mapRuns"]
    assert len(runs) == 1, runs
    run = runs[0]["mapRunArn"]
    described = sfn.describe_map_run(mapRunArn=run)
    assert (described["status"], described["itemCounts"]["succeeded"]) == ("SUCCEEDED", 3), described
    children = sfn.list_executions(mapRunArn=run)["executions"]
    assert [it["status"] for it in children] == ["SUCCEEDED"] * 3, children
    child = sfn.describe_execution(executionArn=children[0]["executionArn"])
    assert child["mapRunArn"] == run, child
    refused(sfn.exceptions.ResourceNotFound, sfn.describe_map_run, mapRunArn=run + "0")

    assert cli("list-map-runs", "--execution-arn", execution)["mapRuns"][0]["mapRunArn"] == run
    shown = cli("describe-map-run", "--map-run-arn", run)
    assert shown["executionCounts"]["total"] == 3, shown
    assert len(cli("list-executions", "--map-run-arn", run)["executions"]) == 3


def the_command_line_redrives():
    DOOR.unlink(missing_ok=True)
    text = definition({"Open": function("door")}, "Open")
    machine = cli("create-state-machine", "--name", "CliDoors", "--definition", text, "--role-arn", ROLE)
    execution = cli("start-execution", "--state-machine-arn", machine["stateMachineArn"], "--input", "7")["executionArn"]
    assert ended(execution)["status"] == "FAILED"
    DOOR.touch()
    cli("redrive-execution", "--execution-arn", execution)
    assert ended(execution)["output"] == "7"
    assert cli("describe-execution", "--execution-arn", execution)["redriveCount"] == 1


def the_command_line_judges():
    found = cli("validate-state-machine-definition", "--definition", "{}")
    assert found["result"] == "FAIL" and found["diagnostics"][0]["code"] == "SCHEMA_VALIDATION_FAILED", found
    good = definition({"A": {"Type": "Succeed"}}, "A")
    assert cli("validate-state-machine-definition", "--definition", good)["result"] == "OK"
    state = json.dumps({"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericGreaterThan": 3, "Next": "Big"}]})
    done = cli("test-state", "--definition", state, "--input", '{"n": 4}')
    assert (done["status"], done["nextState"]) == ("SUCCEEDED", "Big"), done
    failed = cli("test-state", "--definition", state, "--input", '{"n": 2}')
    assert (failed["status"], failed["error"]) == ("FAILED", "States.NoChoiceMatched"), failed


def the_command_line_routes():
    text = definition({"A": {"Type": "Pass", "Output": "first", "End": True}}, "A")
    made = cli("create-state-machine", "--name", "CliRoutes", "--definition", text, "--role-arn", ROLE, "--publish")
    version = made["stateMachineVersionArn"]
    routes = json.dumps([{"stateMachineVersionArn": version, "weight": 100}])
    alias = cli("create-state-machine-alias", "--name", "live", "--routing-configuration", routes)["stateMachineAliasArn"]
    execution = cli("start-execution", "--state-machine-arn", alias)["executionArn"]
    assert ended(execution)["stateMachineVersionArn"] == version
    aliases = cli("list-state-machine-aliases", "--state-machine-arn", made["stateMachineArn"])["stateMachineAliases"]
    assert [it["stateMachineAliasArn"] for it in aliases] == [alias], aliases
    cli("tag-resource", "--resource-arn", made["stateMachineArn"], "--tags", "key=team,value=a")
    assert cli("list-tags-for-resource", "--resource-arn", made["stateMachineArn"])["tags"][0]["value"] == "a"
    cli("delete-state-machine-alias", "--state-machine-alias-arn", alias)
    cli("delete-state-machine-version", "--state-machine-version-arn", version)


def the_command_line():
    text = definition({"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}, "Wait")
    machine = cli("create-state-machine", "--name", "Cli", "--definition", text, "--role-arn", ROLE)["stateMachineArn"]
    names = [it["name"] for it in cli("list-state-machines")["stateMachines"]]
    assert "Cli" in names, names
    execution = cli("start-execution", "--state-machine-arn", machine, "--name", "one")["executionArn"]
    assert cli("describe-execution", "--execution-arn", execution)["status"] == "RUNNING"
    cli("stop-execution", "--execution-arn", execution, "--error", "Enough", "--cause", "of this")
    stopped = cli("describe-execution", "--execution-arn", execution)
    assert (stopped["status"], stopped["error"]) == ("ABORTED", "Enough"), stopped
    events = cli("get-execution-history", "--execution-arn", execution)["events"]
    assert events[-1]["type"] == "ExecutionAborted", events
    cli("delete-state-machine", "--state-machine-arn", machine)


for play in [
    executions_from_start_to_redrive,
    definitions_that_are_refused,
    versions_and_aliases,
    activities_and_tokens,
    express,
    states_by_themselves,
    map_runs,
    the_command_line,
    the_command_line_redrives,
    the_command_line_judges,
    the_command_line_routes,
]:
    play()
    print(f"{play.__name__.replace('_', ' ')}: ok", flush=True)
