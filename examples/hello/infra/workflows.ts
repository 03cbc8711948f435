// Written by `cargo sfn template cdk`, and written anew each time: change the workflows, or `app.ts`, which is yours.
import * as path from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/** What differs by stage. */
export interface WorkflowsProps {
  /** Which events state machines log; errors without it. */
  readonly logLevel?: sfn.LogLevel;
  /** Whether state machines log inputs and outputs, with all that is personal in them; not without it. */
  readonly logExecutionData?: boolean;
  /** When logs are deleted; after a month without it. */
  readonly logRetention?: logs.RetentionDays;
  /** The memory in MiB of functions whose tasks name none; 256 without it. */
  readonly memorySize?: number;
  /** A key to encrypt state machines and logs with; its policy must let CloudWatch Logs use it. */
  readonly key?: kms.IKey;
  /** Who hears of alarms. */
  readonly alarmTopic?: sns.ITopic;
  /** What EventBridge sends failed executions to. */
  readonly failureTarget?: events.IRuleTarget;
  /** The environment variables of the functions. */
  readonly environment?: Record<string, string>;
}

/** A state machine and the alias to start executions of: to go back is to point it at an earlier version. */
export interface Machine {
  readonly machine: sfn.StateMachine;
  readonly version: sfn.CfnStateMachineVersion;
  readonly alias: sfn.CfnStateMachineAlias;
}

interface Task {
  readonly handler: string;
  readonly description?: string;
  readonly timeout: Duration;
  readonly memorySize?: number;
}

interface Definition {
  readonly name: string;
  readonly type: sfn.StateMachineType;
  readonly file: string;
  readonly substitutions: Record<string, string>;
  readonly statements: iam.PolicyStatement[];
  readonly callbacks: lambda.Function[];
  /** Whether payloads hold personal data, which is not logged unless it is encrypted. */
  readonly personal?: boolean;
}

/** The functions and state machines of the workflows. */
export class Workflows extends Construct {
  readonly salutationFunction: lambda.Function;
  readonly helloStateMachine: Machine;

  constructor(scope: Construct, id: string, props: WorkflowsProps = {}) {
    super(scope, id);

    this.salutationFunction = this.task(props, 'SalutationFunction', {
      handler: 'salutation',
      description: 'Chooses the word for the language.',
      timeout: Duration.seconds(6),
    });

    this.helloStateMachine = this.machine(props, 'HelloStateMachine', {
      name: 'hello',
      type: sfn.StateMachineType.STANDARD,
      file: 'hello.asl.json',
      substitutions: {
        SalutationFunctionArn: this.salutationFunction.currentVersion.functionArn,
      },
      statements: [
        new iam.PolicyStatement({
          actions: [
            'lambda:InvokeFunction',
          ],
          resources: [
            `${this.salutationFunction.functionArn}:*`,
          ],
        }),
      ],
      callbacks: [],
    });
  }

  /** The function of a task. One program serves all of them; the handler selects one. */
  private task(props: WorkflowsProps, id: string, task: Task): lambda.Function {
    const logGroup = new logs.LogGroup(this, `${id}Log`, {
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      encryptionKey: props.key,
    });
    const role = new iam.Role(this, `${id}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    return new lambda.Function(this, id, {
      ...task,
      memorySize: task.memorySize ?? props.memorySize ?? 256,
      code: lambda.Code.fromAsset(path.join(__dirname, 'bootstrap.zip')),
      runtime: lambda.Runtime.PROVIDED_AL2023,
      architecture: lambda.Architecture.X86_64,
      role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      tracing: lambda.Tracing.ACTIVE,
      environment: props.environment,
      // State machines name versions, so that running executions keep their code.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
  }

  private machine(props: WorkflowsProps, id: string, own: Definition): Machine {
    if (own.personal && props.logExecutionData && !props.key) {
      throw new Error(
        `Payloads of ${own.name} hold personal data: leave logExecutionData at false, or give a key to encrypt it with.`,
      );
    }
    const stack = Stack.of(this);
    const conditions = { StringEquals: { 'aws:SourceAccount': stack.account } };
    const role = new iam.Role(this, `${id}Role`, {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com', { conditions }),
    });
    own.statements.forEach((statement) => role.addToPolicy(statement));
    const machine = new sfn.StateMachine(this, id, {
      // Named, because rights to its executions and the role's right to use a key are bound to the name.
      stateMachineName: `${stack.stackName}-${own.name}`,
      stateMachineType: own.type,
      definitionBody: sfn.DefinitionBody.fromFile(path.join(__dirname, own.file)),
      definitionSubstitutions: own.substitutions,
      role,
      logs: {
        destination: new logs.LogGroup(this, `${id}Log`, {
          // This prefix keeps the account's policy for log delivery short.
          logGroupName: `/aws/vendedlogs/states/${stack.stackName}-${own.name}`,
          retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
          encryptionKey: props.key,
        }),
        level: props.logLevel ?? sfn.LogLevel.ERROR,
        includeExecutionData: props.logExecutionData ?? false,
      },
      tracingEnabled: true,
      encryptionConfiguration: encryption(props),
    });
    const version = new sfn.CfnStateMachineVersion(this, `${id}Version`, {
      stateMachineArn: machine.stateMachineArn,
      stateMachineRevisionId: machine.stateMachineRevisionId,
    });
    version.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const alias = new sfn.CfnStateMachineAlias(this, `${id}Alias`, {
      name: 'live',
      routingConfiguration: [{ stateMachineVersionArn: version.attrArn, weight: 100 }],
    });
    this.allow(`${id}Callback`, own.callbacks, ['states:SendTaskSuccess', 'states:SendTaskFailure', 'states:SendTaskHeartbeat'], machine.stateMachineArn, props.key);
    this.watch(props, id, machine, own.type);
    return { machine, version, alias };
  }

  /** Lets functions use something, and the key of what is encrypted; apart from their roles, which may be needed before it is there. */
  private allow(id: string, functions: lambda.Function[], actions: string[], resource: string, key?: kms.IKey): void {
    if (functions.length === 0) return;
    const statement = new iam.PolicyStatement({ actions, resources: [resource] });
    const roles = functions.flatMap((own) => (own.role ? [own.role] : []));
    new iam.Policy(this, id, { roles, statements: key ? [statement, use(key)] : [statement] });
  }

  private watch(props: WorkflowsProps, id: string, machine: sfn.StateMachine, type: sfn.StateMachineType): void {
    const options = { period: Duration.minutes(5), statistic: 'Sum' };
    const metrics = {
      Failed: machine.metricFailed(options),
      TimedOut: machine.metricTimedOut(options),
      Throttled: machine.metricThrottled(options),
    };
    for (const [name, metric] of Object.entries(metrics)) {
      const alarm = metric.createAlarm(this, `${id}${name}Alarm`, {
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
      if (props.alarmTopic) alarm.addAlarmAction(new SnsAction(props.alarmTopic));
    }
    // EventBridge hears nothing of Express executions.
    if (type === sfn.StateMachineType.EXPRESS) return;
    new events.Rule(this, `${id}FailedRule`, {
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [machine.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: props.failureTarget ? [props.failureTarget] : [],
    });
  }
}

function use(key: kms.IKey): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] });
}

function encryption(props: WorkflowsProps): sfn.CustomerManagedEncryptionConfiguration | undefined {
  return props.key && new sfn.CustomerManagedEncryptionConfiguration(props.key);
}
