"""The interface (接口): every register as JSON under /api/v1, with the permissions, rows and masks of its pages."""
