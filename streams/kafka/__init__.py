"""Plain Kafka clients: topics, producing, reading, dead letters. No stage of the pipeline."""
