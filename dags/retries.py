"""Which failures are tried again: only those of a side that did not answer."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule

RETRIES = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception="exchange.errors.RetriableError",
            action=RetryAction.RETRY,
            retry_delay=timedelta(minutes=1),
            reason="对方暂时没有应答，稍后自动重试 / the other side did not answer, it will be tried again",
        )
    ],
    default=RetryAction.FAIL,
)
