"""What an agent can do: tools and skills, what a model is told of them, and who else brings some."""
