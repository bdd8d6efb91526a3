"""Downloads: the audio of clips in the formats asked for, made when they are asked for the first time."""
