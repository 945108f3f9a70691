"""The console's appearance (外观设置): a county's name, emblem, accent colour and notices, set without code."""
