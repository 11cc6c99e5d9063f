"""What the API answers, as types: the OpenAPI document is written from them; holds no logic."""
