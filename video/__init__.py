"""Cameras as sensors: samples RTSP streams, keeps the newest frame, publishes what it measures. Records no video."""
