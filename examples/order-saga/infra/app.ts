// Yours: written once by `cargo sfn template cdk`, and left alone from then on.
//
//     cargo sfn package && cargo sfn template cdk
//     npm install && npx cdk deploy
import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Workflows } from './workflows';

export class OrderSagaStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const workflows = new Workflows(this, 'Workflows', {});
    // What a task may do beyond its log: `table.grantReadWriteData(workflows.validateOrderFunction)`.
    void workflows;
  }
}

new OrderSagaStack(new App(), 'order-saga-dev');
