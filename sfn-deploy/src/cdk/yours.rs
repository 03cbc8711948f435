//! The user's own files of the app. Separate because they are written once.

use crate::File;
use crate::stack::Stack;
use crate::typescript::{Ts, text, written};
use heck::{ToKebabCase as _, ToLowerCamelCase as _, ToUpperCamelCase as _};

pub(super) fn files(stack: &Stack) -> Vec<File> {
    let mut props: Vec<(String, Ts)> = stack
        .parameters
        .iter()
        .map(|own| (own.name.to_lower_camel_case(), text(format!("the stage's {}", own.name))))
        .collect();
    if !stack.environment.is_empty() {
        let variables =
            stack.environment.iter().map(|own| (own.name.clone(), text(format!("the stage's {}", own.name))));
        props.push(("environment".to_owned(), Ts::Object(variables.collect())));
    }
    let function = stack.functions.first();
    let function = function.map_or_else(String::new, |function| {
        RIGHTS.replace("@FUNCTION@", &format!("{}Function", function.id.to_lower_camel_case()))
    });
    let app = APP
        .replace("@RIGHTS@", &function)
        .replace("@CLASS@", &stack.package.to_upper_camel_case())
        // The name of a stack has no `_`.
        .replace("@STACK@", &stack.package.to_kebab_case())
        .replace("@VALUES@", &written(&Ts::Object(props), 2));
    vec![
        File::new("app.ts", app),
        File::new("cdk.json", CDK.to_owned()),
        File::new("package.json", PACKAGE.replace("@PACKAGE@", &stack.package)),
        File::new(".gitignore", crate::IGNORED.to_owned()),
    ]
}

const APP: &str = "// Yours: written once by `cargo sfn template cdk`, and left alone from then on.
//
//     cargo sfn package && cargo sfn template cdk
//     npm install && npx cdk deploy
import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Workflows } from './workflows';

export class @CLASS@Stack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const workflows = new Workflows(this, 'Workflows', @VALUES@);
@RIGHTS@  }
}

new @CLASS@Stack(new App(), '@STACK@-dev');
";

const RIGHTS: &str =
    "    // What a task may do beyond its log: `table.grantReadWriteData(workflows.@FUNCTION@)`.
    void workflows;
";

const CDK: &str = "{
  \"app\": \"npx tsx app.ts\"
}
";

const PACKAGE: &str = "{
  \"name\": \"@PACKAGE@-infra\",
  \"private\": true,
  \"dependencies\": {
    \"aws-cdk-lib\": \"^2.200.0\",
    \"constructs\": \"^10.4.0\"
  },
  \"devDependencies\": {
    \"@types/node\": \"^22\",
    \"aws-cdk\": \"^2\",
    \"tsx\": \"^4\",
    \"typescript\": \"^5\"
  }
}
";
