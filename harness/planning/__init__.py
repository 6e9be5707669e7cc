"""Turn a request or a bench file into cells, stages and cache keys."""
