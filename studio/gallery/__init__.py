"""One song in every style, on one page to listen to side by side: `python -m studio.gallery song.mp3 --out folder`."""
