"""From words with boxes to elements in reading order; knows neither PDF nor OCR."""
