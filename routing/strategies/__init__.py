"""One strategy a file: which of the operators who may take a contact is offered it."""
