"""Events for other systems (事件推送): what changed is written down with the change, and sent to those who asked for it."""
