"""What a county adds to the registers without a programmer (自定义): fields, dictionaries, layouts."""
