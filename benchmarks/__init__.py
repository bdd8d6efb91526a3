"""The table of figures Descant is judged by, measured on songs made by the code as it stands.

``python -m benchmarks`` makes the songs of ``benchmarks/songs`` and prints one line a figure: what was measured, how,
the figure, its bar. Outside ears measure where there are any (librosa for tempo and key, pyloudnorm for loudness).
"""
