"""The page and API that a desk looks at, fed from the topics; and what the desk says back."""
