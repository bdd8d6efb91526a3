"""What finished clips are asked: tempo, notes, word times, their lossless file, their singing."""
