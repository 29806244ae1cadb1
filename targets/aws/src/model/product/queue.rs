//! SQS and SNS. Must not know who sends and receives.

/// A queue and the queue of its dead letters.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    pub(crate) name: String,
    pub(crate) dead_letter_name: String,
    /// Receipts after which a message is a dead letter.
    pub(crate) receives: u32,
    pub(crate) subscriptions: Vec<Subscription>,
}

/// A topic whose messages reach a queue.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    /// The address of the subscription.
    pub(crate) address: String,
    /// The role of the topic.
    pub(crate) topic: String,
    /// The address of the topic.
    pub(crate) topic_address: String,
}

/// A topic.
#[derive(Clone, Debug)]
pub(crate) struct Topic {
    pub(crate) name: String,
    /// Whether a queue gets its messages.
    pub(crate) is_subscribed: bool,
}
