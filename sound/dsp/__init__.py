"""Signal processing on arrays of samples; knows neither notes nor patches."""
