//! The Lambda function that serves every task of `hello`. Apart from `greetings`, whose library the build script needs too.

sfn::lambda::main!(greetings::hello);
