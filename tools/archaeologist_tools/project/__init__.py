"""What the files of a project say of each other: facts that one file's rewrite rests on."""
