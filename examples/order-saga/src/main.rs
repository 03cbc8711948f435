//! The Lambda function that serves every task of `order-saga`. Apart from `orders`, whose library the build script needs too.

sfn::lambda::main!(orders::order_saga);
